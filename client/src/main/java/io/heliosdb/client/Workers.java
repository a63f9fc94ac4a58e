package io.heliosdb.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.pg.PgException;

import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Virtual threads that do the jobs of a {@link WorkQueue}, here and in other processes together:
 * each job is done by one of them. They wait for the queue's notification; what was put off, or
 * held by a worker that died, is found by a look at the queue while it is not empty.
 */
public final class Workers implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Workers.class.getName());

    private final WorkQueue queue;
    private final ConnectionSource source;
    private final WorkerOptions options;
    private final JobHandler handler;
    private final ListenerOptions listening;
    private final PgListener listener;
    private final List<Thread> threads = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** How often there was a reason to look at the queue. */
    @GuardedBy("lock")
    private long news;

    private volatile boolean closing;

    private Workers(
            ConnectionSource source,
            WorkQueue queue,
            WorkerOptions options,
            ListenerOptions listening,
            JobHandler handler) {
        this.source = source;
        this.queue = queue;
        this.options = options;
        this.handler = handler;
        this.listening = listening;
        listener = PgListener.connect(source, listening);
    }

    /**
     * Starts workers.
     *
     * @param source gives a connection to each worker and one to listen on
     * @param queue whose table exists
     * @param options how many, how often
     * @param handler does the jobs; called by several threads
     * @return running, until closed
     * @throws PgException where no connection can be had to listen on
     */
    public static Workers start(
            ConnectionSource source, WorkQueue queue, WorkerOptions options, JobHandler handler) {
        var workers =
                new Workers(
                        source,
                        queue,
                        options,
                        ListenerOptions.DEFAULTS.withBuffer(1024, Overflow.DROP_OLDEST),
                        handler);
        try {
            workers.listener.listen(queue.channel());
        } catch (PgException e) {
            workers.listener.close();
            throw e;
        }
        // Whatever comes, a loss included, is a reason to look.
        workers.listener.onDelivery(delivery -> workers.wakeAll());
        for (int i = 0; i < options.workers(); i++) {
            workers.threads.add(
                    Thread.ofVirtual().name("heliosdb-worker-" + i).start(workers::work));
        }
        return workers;
    }

    /**
     * Workers by URL.
     *
     * @param url as {@link PgListener#connect(String)}
     * @param queue whose table exists
     * @param handler does the jobs; called by several threads
     * @return running, until closed
     */
    public static Workers start(String url, WorkQueue queue, JobHandler handler) {
        return start(new UrlSource(url, new Properties()), queue, WorkerOptions.DEFAULTS, handler);
    }

    private void wakeAll() {
        lock.lock();
        try {
            news++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private long news() {
        lock.lock();
        try {
            return news;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for news after those that are known, at most as long as said. */
    private void awaitNews(long known, long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (news == known && !closing && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        var backoff = new Backoff(listening.backoffFirst(), listening.backoffMax());
        while (!closing) {
            try (var connection = source.open()) {
                connection.setAutoCommit(false);
                workOn(connection, backoff);
            } catch (SQLException e) {
                if (closing) {
                    return;
                }
                LOG.log(Level.WARNING, "a worker lost its connection: " + e.getMessage());
                LockSupport.parkNanos(this, backoff.nextNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void workOn(Connection connection, Backoff backoff)
            throws SQLException, InterruptedException {
        while (!closing) {
            // Read before the look: what is added after it is news.
            long known = news();
            var job = queue.claim(connection);
            if (job.isPresent()) {
                perform(connection, job.get());
                backoff.reset();
                continue;
            }
            boolean more = queue.hasMore(connection);
            connection.commit();
            awaitNews(known, more ? options.recheck().toNanos() : Long.MAX_VALUE);
        }
    }

    private void perform(Connection connection, Job job) throws SQLException {
        var thrown = attempt(connection, job);
        if (thrown.isEmpty()) {
            queue.finish(connection, job);
            connection.commit();
            return;
        }
        connection.rollback();
        if (closing && thrown.get() instanceof InterruptedException) {
            // Cut off by close, not failed: another worker does it.
            return;
        }
        boolean last = job.attempt() >= options.attemptsMax();
        LOG.log(
                last ? Level.ERROR : Level.WARNING,
                "job " + job.id() + " failed, attempt " + job.attempt(),
                thrown.get());
        var delay = options.retryDelay().multipliedBy(1L << (job.attempt() - 1));
        queue.putOff(connection, job, delay, last ? thrown.get().toString() : null);
        connection.commit();
    }

    /** What the handler threw; a connection that is lost under it is no fault of the job. */
    private Optional<Throwable> attempt(Connection connection, Job job) throws SQLException {
        try {
            handler.handle(job, connection);
            return Optional.empty();
        } catch (SQLException e) {
            if (ClientErrors.endsConnection(e)) {
                throw e;
            }
            return Optional.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(e);
        } catch (Exception | AssertionError e) {
            return Optional.of(e);
        }
    }

    /**
     * Takes no more jobs, waits for those that are being done, and ends. Bounded by a time of 10 s;
     * what is not done by then is interrupted, and done by another worker later. Again without
     * effect.
     */
    @Override
    public void close() {
        closing = true;
        long deadline = System.nanoTime() + listening.closeTimeout().toNanos();
        listener.close();
        wakeAll();
        for (var thread : threads) {
            if (!joined(thread, Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
                thread.interrupt();
            }
        }
    }

    private static boolean joined(Thread thread, Duration timeout) {
        try {
            return thread.join(timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
