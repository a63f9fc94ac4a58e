package io.heliosdb.pgwire;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends the connections of clients that leave their socket full for too long. A blocking write
 * cannot be given a time limit, so one thread looks at the writes that are under way, at most four
 * times in the time limit and only while there has been one since the last look: an idle server is
 * never woken, and a write pays two volatile stores.
 */
final class WriteWatch implements AutoCloseable {
    private final long timeoutNanos;
    private final long periodNanos;
    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(
                    1,
                    Thread.ofPlatform().daemon().name("heliosdb-write-watch").factory(),
                    new ThreadPoolExecutor.DiscardPolicy());

    WriteWatch(Duration timeout) {
        timeoutNanos = timeout.toNanos();
        periodNanos = Math.max(1, timeoutNanos / 4);
    }

    /** One connection's writes, seen by this watch from its creation to its {@link #forget}. */
    final class Watched {
        private final Runnable onStuck;

        /** When the write under way began, or 0; stored by the one that writes. */
        private volatile long since;

        private Watched(Runnable onStuck) {
            this.onStuck = onStuck;
        }

        void begin() {
            since = System.nanoTime() | 1;
            if (!looking.get() && looking.compareAndSet(false, true)) {
                lookLater();
            }
        }

        void end() {
            since = 0;
        }

        void forget() {
            watched.remove(this);
        }

        private boolean isWriting() {
            return since != 0;
        }

        private boolean isStuck(long now) {
            long began = since;
            return began != 0 && now - began >= timeoutNanos;
        }
    }

    /**
     * Watches a connection.
     *
     * @param onStuck closes it; must not block
     */
    Watched watch(Runnable onStuck) {
        var one = new Watched(onStuck);
        watched.add(one);
        return one;
    }

    private void lookLater() {
        var _ = thread.schedule(this::look, periodNanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        // Cleared before the look: a write that begins later asks for the next look itself.
        looking.set(false);
        long now = System.nanoTime();
        boolean writing = false;
        for (var one : watched) {
            writing |= one.isWriting();
            if (one.isStuck(now)) {
                one.end();
                one.onStuck.run();
            }
        }
        if (writing && looking.compareAndSet(false, true)) {
            lookLater();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
