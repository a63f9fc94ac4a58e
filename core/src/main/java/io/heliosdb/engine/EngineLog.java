package io.heliosdb.engine;

import io.heliosdb.log.Append;
import io.heliosdb.log.DiskFiles;
import io.heliosdb.log.Latencies;
import io.heliosdb.log.Log;
import io.heliosdb.log.LogCheck;
import io.heliosdb.log.LogCopy;
import io.heliosdb.log.LogEntry;
import io.heliosdb.log.LogEntry.Ddl;
import io.heliosdb.log.LogEntry.Notice;
import io.heliosdb.log.LogEntry.RowChange;
import io.heliosdb.log.LogFiles;
import io.heliosdb.log.LogHold;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.h2.engine.SessionLocal;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * The log of a store, and the one place that has the store write its file.
 *
 * <p>Between checkpoints the store writes nothing: what it has done since is in the log. A
 * checkpoint waits until nobody changes the store, flushes the log up to L, and has the store write
 * all its pages together with L. After a crash the store opens at such an image, and the records
 * from L on bring it up to date. The image may hold changes of transactions that are open; the
 * store takes them back when it opens, and their records, which come later, have all of them.
 *
 * <p>The log is kept back to the checkpoint before the last, since the store opens its older image
 * where the newest was not written whole.
 */
final class EngineLog {
    private static final String STATE = "heliosdb.log";
    private static final String APPLIED = "applied";
    private static final String WRITTEN = "written";

    /** Of the pages in the file, the share that is to be in use, in percent. */
    private static final int FILL_RATE_MIN = 60;

    /** What is written anew at a time, at most. */
    private static final int COMPACT_BYTES = 16 << 20;

    private final EngineStore store;
    private final LogFiles files;
    private final Log log;
    private final MVMap<String, Long> state;
    private final StatementLatch latch = new StatementLatch();
    private final ChangeCapture capture;
    private final DiskRoom room;
    private final SequenceBases sequences;
    private final Checkpointer checkpointer;
    private final AtomicLong lastXid = new AtomicLong();

    private final LongAdder timed = new LongAdder();
    private final LongAdder requested = new LongAdder();
    private final Latencies written = new Latencies();
    private final Latencies alone = new Latencies();

    /** One backup at a time; before the checkpoints. */
    private final ReentrantLock copying = new ReentrantLock();

    /** One checkpoint at a time; before the latch. */
    private final ReentrantLock checkpointing = new ReentrantLock();

    /** The store could not be written; set once. */
    private volatile @Nullable PgException failure;

    /** What the last checkpoint that is on disk covers; written under {@code checkpointing}. */
    private volatile long applied;

    private EngineLog(
            EngineStore store,
            WalOptions options,
            LogFiles files,
            Log log,
            MVMap<String, Long> state) {
        this.store = store;
        this.files = files;
        this.log = log;
        this.state = state;
        room =
                new DiskRoom(
                        store.path().orElseThrow(),
                        store.database().getStore().getMvStore(),
                        2L * options.log().segmentBytes());
        capture = new ChangeCapture(store.database().getStore(), options.transactionBytesMax());
        sequences = new SequenceBases(store.database());
        checkpointer =
                new Checkpointer(this, options.checkpointBytes(), options.checkpointTimeout());
        applied = state.getOrDefault(APPLIED, log.end().value());
        lastXid.set(log.end().value() >>> 3); // Each commit takes 8 bytes at least.
    }

    /** Opens the log of a store that has just been opened. */
    static EngineLog open(
            EngineStore store,
            WalOptions options,
            Path directory,
            UnaryOperator<LogFiles> through) {
        var mvStore = store.database().getStore().getMvStore();
        StoreAccess.neverSaveByItself(mvStore);
        // Every image is on disk before the next is begun, and that reuses only what none needs.
        mvStore.setRetentionTime(0);
        MVMap<String, Long> state = mvStore.openMap(STATE);
        var redo = new Lsn(state.getOrDefault(APPLIED, 0L));
        try {
            var disk = DiskFiles.at(directory.resolve(LogCheck.DIRECTORY));
            var files = through.apply(options.layer().apply(disk));
            return new EngineLog(
                    store, options, files, Log.open(files, options.log(), redo), state);
        } catch (IOException e) {
            throw new PgException(
                    SqlState.IO_ERROR,
                    "could not make the log in \"" + directory + "\": " + e.getMessage());
        }
    }

    /** Whether a store that is to be opened without a log has one, which comes first. */
    static boolean isBehindLog(EngineStore store) {
        return store.database().getStore().getMvStore().hasMap(STATE);
    }

    /** Whether the image on disk knows nothing of a log. */
    boolean isNew() {
        return !state.containsKey(APPLIED);
    }

    Log log() {
        return log;
    }

    boolean isSound() {
        return failure == null && log.isSound();
    }

    void requireSound() {
        var cause = failure;
        if (cause != null) {
            throw new PgException(cause.report(), cause);
        }
        log.requireSound();
    }

    /** Nothing can be written any more. */
    void failed(RuntimeException cause) {
        failure = Flusher.unknownOutcome(cause);
    }

    StatementLatch latch() {
        return latch;
    }

    Lsn applied() {
        return new Lsn(applied);
    }

    /**
     * Encodes what a transaction has done and reserves its space; the caller is inside the latch.
     *
     * @return null where there is nothing to log
     */
    @Nullable Prepared prepare(SessionLocal session, int pid, List<Notice> notices) {
        requireSound();
        var claims = sequences.claims();
        boolean hasRows = session.containsUncommitted();
        if (!hasRows && claims.isEmpty() && notices.isEmpty()) {
            return null;
        }
        var entry =
                new LogEntry(
                        lastXid.incrementAndGet(),
                        pid,
                        hasRows ? changes(session) : List.of(),
                        notices,
                        List.of(),
                        claims.stream().map(SequenceBases.Claim::base).toList());
        return entry.isEmpty() ? null : new Prepared(log.prepare(entry), claims);
    }

    private List<RowChange> changes(SessionLocal session) {
        return EngineSession.of(session).transaction().keyMoves().join(capture.changes(session));
    }

    /** Encodes notifications alone, and reserves their space. */
    Append prepareNotifications(int pid, List<Notice> notices) {
        requireSound();
        return log.prepare(LogEntry.ofNotifications(lastXid.incrementAndGet(), pid, notices));
    }

    /** A record with space, and what it tells of sequences. */
    record Prepared(Append record, List<SequenceBases.Claim> claims) {}

    Lsn append(Prepared prepared) {
        var lsn = log.append(prepared.record);
        sequences.appended(prepared.claims);
        return lsn;
    }

    /** The log has grown. */
    void grown() {
        checkpointer.grown(log.end().value() - applied);
    }

    /**
     * Encodes a change of the schema that is about to be made, and reserves its space; the caller
     * is alone, and a checkpoint follows.
     *
     * @return to be appended or released
     * @throws PgException 53100 where the disk has no room for it, 58030 where it fails
     */
    Append prepareDefinition(List<String> searchPath, String text) {
        room.require();
        var ddl = new Ddl(searchPath, text);
        var entry =
                new LogEntry(
                        lastXid.incrementAndGet(),
                        0,
                        List.of(),
                        List.of(),
                        List.of(ddl),
                        List.of());
        return log.prepare(entry);
    }

    /** Waits a while for the store to be at rest; false where it is not. */
    boolean tryCheckpoint(long nanos, boolean isTimed) {
        return tryCheckpoint(nanos, isTimed ? timed : requested);
    }

    /**
     * A small one right after one: with it the store learns which pages the image before has
     * replaced, so that the next may take their place. Nothing is lost where it does not come
     * about.
     */
    void tryCheckpointAgain(long nanos) {
        tryCheckpoint(nanos, new LongAdder());
    }

    private boolean tryCheckpoint(long nanos, LongAdder counter) {
        checkpointing.lock();
        try {
            room.require();
            long begun = System.nanoTime();
            log.flush(); // Most of it before everybody has to wait.
            if (!latch.tryEnterAlone(nanos)) {
                return false;
            }
            checkpoint(begun, counter);
            return true;
        } finally {
            checkpointing.unlock();
        }
    }

    /**
     * A checkpoint by a caller that is alone, and leaves before the disk is waited for. Where there
     * is no room for it the log has what was done.
     */
    void checkpointAlone() {
        checkpointing.lock();
        try {
            if (!room.isEnough()) {
                latch.exitAlone();
                log.flush();
                grown();
                return;
            }
            checkpoint(System.nanoTime(), requested);
        } finally {
            checkpointing.unlock();
        }
    }

    private void checkpoint(long begun, LongAdder counter) {
        var event = new CheckpointEvent();
        event.begin();
        long end;
        long aloneSince = System.nanoTime();
        try {
            end = writeImage();
        } finally {
            latch.exitAlone();
        }
        event.aloneNanos = System.nanoTime() - aloneSince;
        finish(end);
        event.lsn = end;
        event.commit();
        alone.add(event.aloneNanos);
        written.add(System.nanoTime() - begun);
        counter.increment();
    }

    CheckpointStats stats() {
        return new CheckpointStats(
                timed.sum(), requested.sum(), written.summary(), alone.summary());
    }

    /**
     * Has the pages written anew that lie between many that nobody needs, so that the file does not
     * grow: in memory now, to the file with the next image.
     */
    void compact() {
        var mvStore = store.database().getStore().getMvStore();
        try {
            mvStore.compact(FILL_RATE_MIN, COMPACT_BYTES);
        } catch (MVStoreException e) {
            throw ErrorMap.storeFailure(e);
        }
    }

    DiskRoom room() {
        return room;
    }

    /** Whether the store's file has everything, so that it may be closed in its own way. */
    boolean isWritten() {
        return applied == log.end().value();
    }

    /** Waits for the checkpoint, however long it takes. */
    void checkpoint() {
        checkpointer.checkpointNow(false);
    }

    /**
     * Copies the store and the log, while both are written.
     *
     * @return what the copy has: everything before
     */
    Lsn backup(Path directory) {
        Path target = Backup.target(directory);
        var mvStore = store.database().getStore().getMvStore();
        copying.lock();
        try {
            requireSound();
            Backup.Image image;
            LogHold hold;
            checkpointing.lock();
            try {
                image = Backup.begin(mvStore, new Lsn(applied));
                hold = log.hold(image.applied());
            } finally {
                checkpointing.unlock();
            }
            try (hold) {
                copyStore(mvStore, image, target);
                log.flush();
                return LogCopy.copy(
                        store.path().orElseThrow(),
                        image.applied(),
                        new LogCopy.Until(log.flushed(), null),
                        target.resolve(LogCheck.DIRECTORY));
            }
        } finally {
            copying.unlock();
        }
    }

    private static void copyStore(MVStore mvStore, Backup.Image image, Path target) {
        try {
            Backup.copy(mvStore, image, target);
        } catch (IOException e) {
            throw Backup.failed(target, e);
        } finally {
            Backup.end(mvStore);
        }
    }

    /**
     * What the image of a store that is not open covers.
     *
     * @throws PgException 58P01 where the directory holds no store with a log
     */
    static Covered covered(Path directory) {
        Path file = directory.resolve(DataDirectory.STORE_FILE);
        if (!Files.isRegularFile(file)) {
            throw noBackup(directory);
        }
        try (var image = new MVStore.Builder().fileName(file.toString()).readOnly().open()) {
            MVMap<String, Long> state = image.openMap(STATE);
            Long applied = state.get(APPLIED);
            if (applied == null) {
                throw noBackup(directory);
            }
            long micros = state.getOrDefault(WRITTEN, 0L);
            return new Covered(new Lsn(applied), Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
        } catch (MVStoreException e) {
            throw ErrorMap.storeFailure(e);
        }
    }

    /** Up to where an image goes, and when it was made. */
    record Covered(Lsn lsn, Instant time) {}

    private static PgException noBackup(Path directory) {
        return new PgException(
                SqlState.UNDEFINED_FILE,
                "there is no copy of a database with its log in \"" + directory + "\"");
    }

    /** Writes everything and ends; the store is not changed any more. */
    void close() {
        checkpointer.close();
        if (!isSound()) {
            log.close();
            return;
        }
        try {
            for (var schema : store.database().getAllSchemas()) {
                schema.getAllSequences().forEach(sequence -> sequence.flushWithoutMargin());
            }
            if (room.isEnough()) {
                checkpointer.checkpointNow(false);
            }
        } finally {
            log.close();
        }
    }

    /** Opening failed: the log stays as it is on disk. */
    void abandon() {
        checkpointer.close();
        log.abandon();
    }

    /** Has the store go on without the log, which is up to date. */
    void forget() throws IOException {
        state.remove(APPLIED);
        store.flush();
        store.database().getStore().getMvStore().setRetentionTime(EngineStore.RETENTION_MILLIS);
        Log.remove(files);
    }

    private long writeImage() {
        log.flush();
        long end = log.end().value();
        sequences.checkpoint();
        var mvStore = store.database().getStore().getMvStore();
        try {
            state.put(APPLIED, end);
            state.put(WRITTEN, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
            // The roots are taken now; a thread of the store writes them.
            if (mvStore.tryCommit() <= 0) {
                mvStore.commit();
            }
        } catch (MVStoreException e) {
            throw ErrorMap.storeFailure(e);
        }
        return end;
    }

    private void finish(long end) {
        var mvStore = store.database().getStore().getMvStore();
        try {
            mvStore.executeFilestoreOperation(() -> {});
            mvStore.sync();
        } catch (MVStoreException e) {
            throw ErrorMap.storeFailure(e);
        }
        if (mvStore.isClosed()) {
            throw ErrorMap.storeFailure(new IOException("the file is closed"));
        }
        var before = new Lsn(applied);
        applied = end;
        log.retain(before);
    }
}
