package io.heliosdb.log;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reads records one after another, from memory where they are still there and from the files where
 * not, and follows the log as it grows. It never reads beyond what is on disk, unless the caller
 * says how far. One thread at a time, but for {@link #wake}.
 */
public final class LogReader implements AutoCloseable {
    private final Log log;
    private final LogFilter filter;
    private final RecordReader files;
    private long position;

    /** Set by any thread, taken by a wait. */
    private final AtomicBoolean isWoken = new AtomicBoolean();

    /** Opens at a position that need not be a record's begin. */
    LogReader(Log log, long position, LogFilter filter) {
        this.log = log;
        this.filter = filter;
        files = log.newReader();
        this.position = position;
        boolean isOpen = false;
        try {
            align();
            isOpen = true;
        } finally {
            if (!isOpen) {
                close();
            }
        }
    }

    /**
     * The next record that is on disk; never waits.
     *
     * @return empty where there is none yet
     * @throws PgException 58P01 where it has been removed, XX001 where it is damaged, 58030 where
     *     the disk fails
     */
    public Optional<LogRecord> next() {
        return next(log.flushed());
    }

    /**
     * The next record that begins before a position; never waits.
     *
     * @param upTo not beyond the end of the log
     * @return empty where there is none yet
     * @throws PgException as {@link #next()}
     */
    public Optional<LogRecord> next(Lsn upTo) {
        while (position < upTo.value()) {
            var inMemory = log.inMemory(position);
            var header = inMemory == null ? readHeader() : inMemory.header(0);
            if (header.lsn() >= upTo.value()) {
                return Optional.empty();
            }
            boolean isWanted = filter.wants(header.flags(), header.channels());
            if (isWanted) {
                byte[] body = inMemory == null ? readBody(header) : inMemory.body;
                position = header.end();
                return Optional.of(LogRecord.of(header, body));
            }
            position = header.end();
        }
        return Optional.empty();
    }

    /**
     * The next record, once it is on disk.
     *
     * @param timeout how long to wait for it
     * @return empty where none came in time
     * @throws InterruptedException where the thread is interrupted while it waits
     * @throws PgException as {@link #next()}, FATAL 57P02 where the log has failed
     */
    public Optional<LogRecord> next(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            var next = next();
            long left = deadline - System.nanoTime();
            if (next.isPresent() || left <= 0 || !await(Duration.ofNanos(left))) {
                return next;
            }
        }
    }

    /**
     * Waits until there is something on disk behind where it stands, or until it is woken.
     *
     * @param timeout how long
     * @return whether there is
     * @throws InterruptedException where the thread is interrupted while it waits
     * @throws PgException FATAL 57P02 where the log has failed
     */
    public boolean await(Duration timeout) throws InterruptedException {
        boolean isThere = log.awaitFlushedBeyond(position, timeout, isWoken::get);
        if (!isThere) {
            isWoken.set(false);
        }
        return isThere;
    }

    /** Ends a wait, or the next one where there is none now. Any thread. */
    public void wake() {
        isWoken.set(true);
        log.wakeReaders();
    }

    /**
     * Where it stands: behind the last record that it has read or passed over.
     *
     * @return the position of the next
     */
    public Lsn position() {
        return new Lsn(position);
    }

    @Override
    public void close() {
        try {
            files.close();
        } catch (IOException e) {
            throw Log.failed("could not close a file of the log", e);
        }
    }

    /** Moves on to a record's begin. */
    private void align() {
        long limit = log.flushedPosition();
        if (position >= limit || log.inMemory(position) != null) {
            return;
        }
        try {
            var header = files.find(position, limit, log.control());
            requireKept();
            position = header == null ? limit : header.lsn();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private Header readHeader() {
        long limit = log.flushedPosition();
        try {
            var header = files.header(position, limit);
            if (header != null && header.timeline() == log.control().timelineAt(position).id()) {
                return header;
            }
        } catch (IOException e) {
            throw failed(e);
        }
        requireKept();
        throw damaged();
    }

    private byte[] readBody(Header header) {
        try {
            byte[] body = files.body(header, log.flushedPosition());
            if (body != null) {
                return body;
            }
        } catch (IOException e) {
            throw failed(e);
        }
        requireKept();
        throw damaged();
    }

    private void requireKept() {
        if (position < log.first()) {
            throw removed();
        }
    }

    private PgException removed() {
        return new PgException(
                        SqlState.UNDEFINED_FILE,
                        "requested log position " + position() + " has already been removed")
                .withHint("Go on from the oldest position that is kept: " + log.oldest() + ".");
    }

    private PgException damaged() {
        return new PgException(
                SqlState.DATA_CORRUPTED, "the log is damaged at position " + position());
    }

    private PgException failed(IOException e) {
        if (position < log.first()) {
            return removed();
        }
        return Log.failed("could not read the log at position " + position(), e);
    }
}
