package io.heliosdb.session;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The time limits of all sessions of an instance, on one thread that exists only once a limit has
 * been set and that sleeps while none runs. Thread-safe.
 */
final class Timers implements AutoCloseable {
    private final ScheduledThreadPoolExecutor executor;

    Timers() {
        executor =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().name("heliosdb-timers").daemon().factory());
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs a short task after a while, unless it is cancelled before. */
    ScheduledFuture<?> after(long millis, Runnable task) {
        return executor.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    /** Runs a short task after a while, whatever happens meanwhile. */
    void later(long millis, Runnable task) {
        // Nobody waits for it; closing drops it.
        var _ = executor.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
