package io.heliosdb.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The one log of a database. A commit is three calls: {@link #prepare} encodes the record and
 * reserves its space, and may refuse; {@link #append} gives it the next position, which is its
 * place in the one order of commits; {@link #awaitFlushed} returns when it is on disk. What has
 * been awaited survives the death of the process and of the machine.
 *
 * <p>Safe for use by many threads. {@code order} is held for a few instructions and never over I/O,
 * and may be taken inside any other lock. After a failure to write nothing is on disk any more for
 * anybody: the log has to be opened anew.
 */
public final class Log implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Log.class.getName());

    private final LogFiles files;
    private final LogOptions options;
    private final Control control;
    private final Segments segments;
    private final SpaceAhead space;
    private final LogFlusher flusher;
    private final Set<LogHold> holds = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ReentrantLock order = new ReentrantLock();

    @GuardedBy("order")
    private final Tail tail;

    @GuardedBy("order")
    private long lastCommitMicros;

    private final LongAdder appended = new LongAdder();

    /** Where this opening goes on. */
    private final long begin;

    /** The position of the next record; written under {@code order}. */
    private volatile long end;

    private Log(LogFiles files, LogOptions options, Recovery.Outcome found) {
        this.files = files;
        this.options = options;
        control = found.control();
        segments = found.segments();
        begin = found.end();
        end = begin;
        lastCommitMicros = found.lastCommitMicros();
        tail = new Tail(options.tailBytes());
        space = new SpaceAhead(segments, end);
        flusher = new LogFlusher(new TailSource(), segments, end, options.writerDelay().toNanos());
    }

    /**
     * Opens a log, or makes a new one in an empty directory.
     *
     * @param files its directory, for this log alone
     * @param options its bounds
     * @param redo the position that the last checkpoint covers, a record's begin or the end; zero
     *     where all of the log is wanted
     * @return to be closed by the caller
     * @throws PgException XX001 where something is damaged that was acknowledged, 53100 or 58030
     *     where the directory cannot be read or written
     */
    public static Log open(LogFiles files, LogOptions options, Lsn redo) {
        try {
            return new Log(files, options, Recovery.open(files, options, redo));
        } catch (LogDamage e) {
            throw e.error(files);
        } catch (IOException e) {
            throw failed("could not open the log in \"" + files + "\"", e);
        }
    }

    /**
     * Removes a log that is not needed any more and not open.
     *
     * @param files its directory
     * @throws IOException where that fails
     */
    public static void remove(LogFiles files) throws IOException {
        files.delete(Control.NAME);
        files.syncDirectory();
        for (String name : files.list()) {
            files.delete(name);
        }
    }

    /**
     * Encodes a record and reserves its space on disk; waits where too much is on its way there.
     *
     * @param entry what the transaction did
     * @return to be appended or released
     * @throws PgException 53100 where the disk is full, 58030 where it fails, 54000 where the
     *     record would be too large, FATAL 57P02 where the log has failed
     */
    public Append prepare(LogEntry entry) {
        var record = new Append(entry);
        if (record.body.length > Header.BODY_MAX) {
            throw new PgException(
                    SqlState.PROGRAM_LIMIT_EXCEEDED, "the transaction is too large for the log");
        }
        requireSound();
        if (end - flusher.flushed() > options.unflushedBytesMax()) {
            flusher.await(end);
        }
        space.reserve(record.space());
        return record;
    }

    /**
     * Gives a record the next position. It cannot fail, and from here on it cannot be undone.
     *
     * @param record prepared, once
     * @return the position of its first byte
     */
    public Lsn append(Append record) {
        order.lock();
        try {
            lastCommitMicros = Math.max(lastCommitMicros, Timeline.micros(Instant.now()));
            record.commitMicros = lastCommitMicros;
            record.timeline = control.timelines().getLast().id();
            record.lsn = end;
            tail.add(record);
            appended.increment();
            end = record.end();
            return new Lsn(record.lsn);
        } finally {
            order.unlock();
        }
    }

    /**
     * Gives up a record that was not appended.
     *
     * @param record prepared, once
     */
    public void release(Append record) {
        space.giveBack(record.space());
    }

    /**
     * Returns when a record and all before it are on disk; many share one flush. An interrupt does
     * not end the wait.
     *
     * @param record appended
     * @throws PgException FATAL 57P02 where that failed
     */
    public void awaitFlushed(Append record) {
        flusher.await(record.end());
    }

    /**
     * Returns when everything that was appended before the call is on disk.
     *
     * @throws PgException FATAL 57P02 where that failed
     */
    public void flush() {
        flusher.await(end);
    }

    /**
     * Has a record written within the writer's delay; nobody waits for it.
     *
     * @param record appended
     */
    public void flushSoon(Append record) {
        flusher.announce(record.end());
    }

    /**
     * The position of the next record.
     *
     * @return the end of the log
     */
    public Lsn end() {
        return new Lsn(end);
    }

    /**
     * How far the log is on disk.
     *
     * @return everything before is
     */
    public Lsn flushed() {
        return new Lsn(flusher.flushed());
    }

    /**
     * The file that holds the byte before a position.
     *
     * @param lsn a position
     * @return its name; it need not be there
     */
    public String fileName(Lsn lsn) {
        return Segments.name(Math.max(lsn.value() - 1, 0) / segments.segmentBytes());
    }

    /**
     * The timelines that tokens of this log may name, oldest first; the last is the current one.
     *
     * @return never empty
     */
    public List<Timeline> timelines() {
        return control.timelines();
    }

    /**
     * The timeline that a position belongs to.
     *
     * @param lsn a position in this log
     * @return its id is 0 where that is not known any more
     */
    public Timeline timelineAt(Lsn lsn) {
        return control.timelineAt(lsn.value());
    }

    /**
     * Whether the log still has all records that were ever written to it.
     *
     * @return false once its oldest have been removed
     */
    public boolean isWhole() {
        return segments.first() <= segments.segmentBytes();
    }

    /**
     * The oldest record that is still there.
     *
     * @return its position, or the end where there is none
     * @throws PgException 58030 where the disk fails
     */
    public Lsn oldest() {
        try (var reader = newReader()) {
            var header = reader.find(segments.first(), flusher.flushed(), control);
            return header == null ? flushed() : new Lsn(header.lsn());
        } catch (IOException e) {
            throw failed("could not read the log", e);
        }
    }

    /**
     * Where the records of a time begin.
     *
     * @param time a moment
     * @return the first record that is still there and did not commit before it; the end where
     *     there is none
     * @throws PgException 58030 where the disk fails
     */
    public Lsn find(Instant time) {
        long wanted = Timeline.micros(time);
        try (var reader = newReader()) {
            long limit = flusher.flushed();
            long from = segmentBefore(reader, wanted, limit);
            var header = reader.find(from, limit, control);
            while (header != null && header.commitMicros() < wanted) {
                header = reader.header(header.end(), limit);
            }
            return header == null ? new Lsn(limit) : new Lsn(header.lsn());
        } catch (IOException e) {
            throw failed("could not read the log", e);
        }
    }

    /**
     * Reads records from a position on.
     *
     * @param from a record's begin, or any position: then the first that begins there or later;
     *     zero for the oldest
     * @param filter which records are wanted
     * @return to be closed by the caller
     * @throws PgException 58P01 where the log before the position's record has been removed, 58030
     *     where the disk fails
     */
    public LogReader reader(Lsn from, LogFilter filter) {
        long position = from.value() == 0 ? oldest().value() : from.value();
        return new LogReader(this, position, filter);
    }

    /**
     * Reads all records from a position on.
     *
     * @param from as {@link #reader(Lsn, LogFilter)}
     * @return to be closed by the caller
     * @throws PgException as {@link #reader(Lsn, LogFilter)}
     */
    public LogReader reader(Lsn from) {
        return reader(from, LogFilter.ALL);
    }

    /**
     * Keeps the log from a position on for a consumer.
     *
     * @param from the first that it needs
     * @return to be moved on, and closed by the caller
     */
    public LogHold hold(Lsn from) {
        var hold = new LogHold(this, from.value());
        holds.add(hold);
        return hold;
    }

    /**
     * Removes what nobody needs: neither a recovery, nor a hold, nor the bounds of what is kept for
     * readers that come back.
     *
     * @param redo what comes before is not needed for a recovery
     * @throws PgException 58030 where the disk fails
     */
    public void retain(Lsn redo) {
        long cutoff = Timeline.micros(Instant.now().minus(options.keepTime()));
        long limit = flusher.flushed();
        long needed = Math.min(redo.value(), held(limit));
        int segmentBytes = segments.segmentBytes();
        try (var reader = newReader()) {
            long keep = segments.first();
            while (keep + segmentBytes <= needed) {
                boolean isBeyond = limit - (keep + segmentBytes) >= options.keepBytes();
                if (!isBeyond && !isOlder(reader, keep + segmentBytes, limit, cutoff)) {
                    break;
                }
                keep += segmentBytes;
            }
            segments.removeBefore(keep);
        } catch (IOException e) {
            throw failed("could not remove old parts of the log", e);
        }
    }

    /**
     * What it has done and how large it is.
     *
     * @return read one after another, while others write
     */
    public LogStats stats() {
        return new LogStats(
                appended.sum(), end - begin, flusher.flushes().summary(), segments.sizeBytes());
    }

    /**
     * Whether it can still be written.
     *
     * @return false after a failure and once it is closed
     */
    public boolean isSound() {
        return flusher.failure() == null && !closed.get();
    }

    /**
     * What the log failed with.
     *
     * @throws PgException FATAL 57P02 where it has
     */
    public void requireSound() {
        var cause = flusher.failure();
        if (cause != null) {
            throw new PgException(cause.report(), cause);
        }
        if (closed.get()) {
            throw PgException.fatal(SqlState.CANNOT_CONNECT_NOW, "the log is closed");
        }
    }

    /**
     * Flushes everything and notes the end, so that the next opening knows that nothing is missing.
     * After a failure it only frees what is held. A second call does nothing.
     *
     * @throws PgException FATAL 57P02 where the last records cannot be written
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            if (flusher.failure() == null) {
                flusher.await(end);
                abandon();
                noteEnd();
            }
        } finally {
            abandon();
        }
    }

    /** Everything is on disk without it: the next opening takes this for the end of a crash. */
    private void noteEnd() {
        try {
            control.withCleanEnd(end).write(files);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "could not note the end of the log: {0}", e.getMessage());
        }
    }

    /** Ends the threads and closes the files, and writes nothing: as a crash would leave it. */
    public void abandon() {
        closed.set(true);
        flusher.close();
        space.close();
        try {
            segments.close();
        } catch (IOException e) {
            throw failed("could not close the log", e);
        }
    }

    // For readers.

    Control control() {
        return control;
    }

    RecordReader newReader() {
        return new RecordReader(files, segments.segmentBytes());
    }

    long first() {
        return segments.first();
    }

    long flushedPosition() {
        return flusher.flushed();
    }

    boolean awaitFlushedBeyond(long position, Duration timeout, BooleanSupplier isWoken)
            throws InterruptedException {
        return flusher.awaitBeyond(position, timeout.toNanos(), isWoken);
    }

    void wakeReaders() {
        flusher.wake();
    }

    /** The first record at or after a position, where the memory reaches back so far. */
    @Nullable Append inMemory(long position) {
        order.lock();
        try {
            return tail.reaches(position) ? tail.from(position) : null;
        } finally {
            order.unlock();
        }
    }

    void release(LogHold hold) {
        holds.remove(hold);
    }

    static PgException failed(String what, IOException cause) {
        var report = Report.of(Severity.ERROR, SqlState.IO_ERROR, what + ": " + cause.getMessage());
        return new PgException(report, cause);
    }

    /** The oldest position that a consumer holds; those that lag too far lose it. */
    private long held(long limit) {
        long oldest = Long.MAX_VALUE;
        for (var hold : holds) {
            if (limit - hold.position() > options.keepBytes() + options.holdBytesMax()) {
                hold.lose(LogHold.Loss.TOO_FAR);
            } else if (hold.isExpired()) {
                hold.lose(LogHold.Loss.EXPIRED);
            } else {
                oldest = Math.min(oldest, hold.position());
            }
        }
        return oldest;
    }

    private boolean isOlder(RecordReader reader, long from, long limit, long cutoff)
            throws IOException {
        var header = reader.find(from, limit, control);
        return header != null && header.commitMicros() < cutoff;
    }

    /** The newest segment whose first record is older than a time, or the oldest segment. */
    private long segmentBefore(RecordReader reader, long wanted, long limit) throws IOException {
        int segmentBytes = segments.segmentBytes();
        long first = segments.first();
        for (long at = limit / segmentBytes * segmentBytes; at > first; at -= segmentBytes) {
            var header = reader.find(at, limit, control);
            if (header != null && header.commitMicros() < wanted) {
                return at;
            }
        }
        return first;
    }

    /** What the flusher knows of the log. */
    private final class TailSource implements LogFlusher.Source {
        @Override
        public Append[] unflushed(long flushed, long bytesMax) {
            order.lock();
            try {
                return tail.batch(flushed, bytesMax);
            } finally {
                order.unlock();
            }
        }

        @Override
        public void flushedTo(long lsn) {
            order.lock();
            try {
                tail.trim(lsn);
            } finally {
                order.unlock();
            }
        }

        @Override
        public void failed(PgException cause) {
            space.close();
        }
    }
}
