package io.heliosdb.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Writes the tail and flushes it, for all who wait together: one platform thread, begun with the
 * first record, asleep while there is nothing to write. Who is the only one to wait writes for
 * itself, which saves two changes of threads; those who come meanwhile are left to the thread. What
 * nobody waits for is written after the writer's delay. The first failure is the last: nobody is
 * told after it that anything is on disk.
 */
final class LogFlusher {
    /** What it takes records from, and tells of its progress. */
    interface Source {
        /** The records behind what is flushed; at least one where there are any. */
        Append[] unflushed(long flushed, long bytesMax);

        /** All before a position is on disk. */
        void flushedTo(long lsn);

        /** Nothing is any more. */
        void failed(PgException cause);
    }

    private static final long BATCH_BYTES_MAX = 4L << 20;
    private static final int BUFFER_BYTES = 256 << 10;

    private final Source source;
    private final Segments segments;
    private final long delayNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wanted = lock.newCondition();
    private final Condition done = lock.newCondition();
    private final Latencies flushes = new Latencies();

    @GuardedBy("lock")
    private final Company company = new Company();

    /** Whether the thread waits for more before it flushes. */
    @GuardedBy("lock")
    private boolean isGathering;

    /** How long the last flush took; of the one who writes. */
    private long lastNanos;

    private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

    /** Somebody waits until all before this is on disk. */
    @GuardedBy("lock")
    private long requested;

    /** All before this is to be written without being waited for. */
    @GuardedBy("lock")
    private long announced;

    /** The thread, or one who waits, is about to write, or at it; only this one does. */
    @GuardedBy("lock")
    private boolean isWriting;

    /** When the oldest announcement is due. */
    @GuardedBy("lock")
    private long announcedUntilNanos;

    /** All before this is on disk. Written under the lock by the thread. */
    private volatile long flushed;

    /** Written under the lock. */
    private volatile @Nullable PgException failure;

    @GuardedBy("lock")
    private @Nullable Thread thread;

    @GuardedBy("lock")
    private boolean closed;

    LogFlusher(Source source, Segments segments, long flushed, long delayNanos) {
        this.source = source;
        this.segments = segments;
        this.flushed = flushed;
        this.delayNanos = delayNanos;
        requested = flushed;
        announced = flushed;
    }

    long flushed() {
        return flushed;
    }

    Latencies flushes() {
        return flushes;
    }

    @Nullable PgException failure() {
        return failure;
    }

    /**
     * Returns when all before a position is on disk; an interrupt does not end the wait.
     *
     * @throws PgException FATAL 57P02 where that failed
     */
    void await(long position) {
        if (flushed >= position) {
            return;
        }
        while (beginAlone(position)) {
            writeWhatWaits(true);
        }
    }

    /**
     * Returns true where the caller is the only one who waits, and is to write. A virtual thread is
     * not: it would hold a carrier for the time of a flush.
     */
    private boolean beginAlone(long position) {
        lock.lock();
        try {
            if (flushed >= position) {
                return false;
            }
            company.arrived();
            if (!isWriting && requested <= flushed && mayWriteAlone()) {
                requireSound();
                isWriting = true;
                company.begun();
                return true;
            }
            if (requested < position) {
                requested = position;
                signalThread();
            } else if (isGathering) {
                wanted.signal();
            }
            while (flushed < position) {
                requireSound();
                done.awaitUninterruptibly();
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private boolean mayWriteAlone() {
        return !company.isExpected(System.nanoTime()) && !Thread.currentThread().isVirtual();
    }

    /** The thread has something to do; while somebody writes it learns so at the end of that. */
    @GuardedBy("lock")
    private void signalThread() {
        if (!isWriting) {
            start();
            wanted.signal();
        }
    }

    /** Has those who wait look whether they were woken. */
    void wake() {
        lock.lock();
        try {
            done.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until something beyond a position is on disk; false where the time is over before, or
     * the one who waits was woken.
     */
    boolean awaitBeyond(long position, long timeoutNanos, BooleanSupplier isWoken)
            throws InterruptedException {
        if (flushed > position) {
            return true;
        }
        lock.lockInterruptibly();
        try {
            long left = timeoutNanos;
            while (flushed <= position) {
                requireSound();
                if (left <= 0 || closed || isWoken.getAsBoolean()) {
                    return false;
                }
                left = done.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Has what is before a position written within the delay. */
    void announce(long position) {
        lock.lock();
        try {
            boolean isFirst = announced <= flushed || announced <= requested;
            announced = Math.max(announced, position);
            if (isFirst) {
                announcedUntilNanos = System.nanoTime() + delayNanos;
                signalThread();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the thread; what is not on disk stays so. */
    void close() {
        Thread running;
        lock.lock();
        try {
            closed = true;
            running = thread;
            wanted.signalAll();
            done.signalAll();
            while (isWriting) {
                done.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
        if (running != null) {
            Joining.uninterruptibly(running);
        }
    }

    static PgException unknownOutcome(Throwable cause) {
        var fatal = PgException.fatal(SqlState.CRASH_SHUTDOWN, "commit outcome unknown");
        fatal = fatal.withDetail("The log could not be written: " + cause.getMessage());
        return new PgException(fatal.report(), cause);
    }

    @GuardedBy("lock")
    private void requireSound() {
        var cause = failure;
        if (cause != null) {
            throw new PgException(cause.report(), cause);
        }
        if (closed) {
            throw PgException.fatal(SqlState.CANNOT_CONNECT_NOW, "the log is closed");
        }
    }

    @GuardedBy("lock")
    private void start() {
        if (thread == null && !closed) {
            thread = Thread.ofPlatform().name("heliosdb-log").daemon().start(this::run);
        }
    }

    private void run() {
        while (failure == null && awaitWork()) {
            writeWhatWaits(false);
        }
    }

    /** By whoever has said that it writes. */
    private void writeWhatWaits(boolean alone) {
        try {
            flush(alone);
        } catch (IOException | RuntimeException | Error e) {
            fail(unknownOutcome(e));
        } finally {
            lock.lock();
            try {
                isWriting = false;
                company.ended(lastNanos, System.nanoTime());
                if (alone && (requested > flushed || announced > flushed)) {
                    signalThread();
                }
                if (closed) {
                    done.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private void flush(boolean alone) throws IOException {
        var event = new FlushEvent();
        event.begin();
        long begun = System.nanoTime();
        long before = flushed;
        long position = write(source.unflushed(before, BATCH_BYTES_MAX), alone);
        if (!alone) {
            segments.sync();
        }
        lastNanos = System.nanoTime() - begun;
        flushes.add(lastNanos);
        event.bytes = position - before;
        event.lsn = position;
        event.commit();
        progress(position);
    }

    /** Waits until there is something to write; false ends the thread. */
    private boolean awaitWork() {
        lock.lock();
        try {
            while (!closed && (isWriting || requested <= flushed)) {
                long left = announcedUntilNanos - System.nanoTime();
                if (isWriting || announced <= flushed) {
                    wanted.awaitUninterruptibly();
                } else if (left > 0) {
                    wanted.awaitNanos(left);
                } else {
                    break;
                }
            }
            gather();
            isWriting = !closed;
            company.begun();
            return isWriting;
        } catch (InterruptedException e) {
            // The thread is this class's own: whoever interrupts it does not want it to stop.
            return awaitWork();
        } finally {
            lock.unlock();
        }
    }

    /** Gives those whom the last flush has served the time to be in the next one. */
    @GuardedBy("lock")
    private void gather() throws InterruptedException {
        isGathering = true;
        try {
            long now = System.nanoTime();
            while (!closed && company.isExpected(now)) {
                wanted.awaitNanos(company.leftNanos(now));
                now = System.nanoTime();
            }
        } finally {
            isGathering = false;
        }
    }

    private long write(Append[] records, boolean synced) throws IOException {
        long known = flushed;
        long start = known;
        long at = known;
        buffer.clear();
        for (var record : records) {
            int space = Math.toIntExact(record.space());
            if (buffer.remaining() < space) {
                write(start, synced);
                start = at;
                buffer = room(space);
            }
            put(record, known);
            at += space;
        }
        write(start, synced);
        return at;
    }

    private void write(long position, boolean synced) throws IOException {
        if (synced) {
            segments.writeSynced(buffer.flip(), position);
        } else {
            segments.write(buffer.flip(), position);
        }
    }

    private void put(Append record, long known) {
        int begin = buffer.position();
        record.header(known).writeTo(buffer);
        buffer.put(record.body);
        while (buffer.position() < begin + record.space()) {
            buffer.put((byte) 0);
        }
    }

    /** A record that is larger than the buffer gets one of its own, which does not stay. */
    private ByteBuffer room(int space) {
        if (space > buffer.capacity() || buffer.capacity() > BUFFER_BYTES) {
            return ByteBuffer.allocate(Math.max(space, BUFFER_BYTES));
        }
        return buffer.clear();
    }

    private void progress(long position) {
        lock.lock();
        try {
            flushed = position;
            if (announced > position) {
                announcedUntilNanos = System.nanoTime() + delayNanos;
            }
            done.signalAll();
        } finally {
            lock.unlock();
        }
        source.flushedTo(position);
    }

    private void fail(PgException cause) {
        lock.lock();
        try {
            failure = cause;
            done.signalAll();
        } finally {
            lock.unlock();
        }
        source.failed(cause);
    }
}
