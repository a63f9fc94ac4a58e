package io.heliosdb.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.log.LogEntry.Notice;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;

@Timeout(60)
class LogTest {
    /** A thread for each: the common pool has but one on a small machine. */
    private static final Executor THREADS = Thread.ofPlatform().daemon()::start;

    private static final LogOptions OPTIONS =
            LogOptions.defaults()
                    .withSegmentBytes(4096)
                    .withTailBytes(2000)
                    .withKeep(1 << 20, Duration.ofDays(1))
                    .withUnflushed(1 << 20, Duration.ofMillis(2));

    @Test
    void whatWasAppendedIsReadBackAsItWas(@TempDir Path directory) throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var expected = new ArrayList<List<Integer>>();
        try (var log = Log.open(DiskFiles.at(directory), OPTIONS, Lsn.ZERO)) {
            for (int i = 0; i < 300; i++) {
                var entry = Entries.random(i, random);
                expected.add(Entries.encoded(entry));
                Entries.commit(log, entry);
            }
            assertThat(read(log)).as("seed %d, open", seed).isEqualTo(expected);
        }
        try (var log = Log.open(DiskFiles.at(directory), OPTIONS, Lsn.ZERO)) {
            assertThat(read(log)).as("seed %d, reopened", seed).isEqualTo(expected);
        }
    }

    @Test
    void positionsAreBytesAndFollowEachOther() {
        try (var log = Log.open(new SimulatedFiles(), OPTIONS, Lsn.ZERO)) {
            assertThat(log.end()).isEqualTo(new Lsn(4096));
            var first = Entries.commit(log, Entries.of(1, 10));
            var second = Entries.commit(log, Entries.of(2, 5000));
            assertThat(second.lsn).isEqualTo(4096 + first.space());
            assertThat(log.end()).isEqualTo(new Lsn(second.lsn + second.space()));
            assertThat(log.flushed()).isEqualTo(log.end());
        }
    }

    @Test
    void aCleanCloseKeepsTheTimelineAndACrashBeginsAnother() {
        var files = new SimulatedFiles();
        long timeline;
        try (var log = Log.open(files, OPTIONS, Lsn.ZERO)) {
            timeline = log.timelines().getLast().id();
            Entries.commit(log, Entries.of(1, 10));
        }
        var log = Log.open(files, OPTIONS, Lsn.ZERO);
        assertThat(log.timelines()).hasSize(1);
        var kept = Entries.commit(log, Entries.of(2, 10));
        log.abandon();
        try (var reopened = Log.open(files, OPTIONS, Lsn.ZERO)) {
            assertThat(reopened.timelines()).hasSize(2);
            assertThat(reopened.timelines().getFirst().id()).isEqualTo(timeline);
            assertThat(reopened.timelines().getLast().begin()).isEqualTo(kept.end());
            Entries.commit(reopened, Entries.of(3, 10));
            assertThat(Entries.numbers(reopened)).containsExactly(1L, 2L, 3L);
            assertThat(Entries.read(reopened, Lsn.ZERO).getLast().timeline())
                    .isEqualTo(reopened.timelines().getLast().id());
        }
    }

    @Test
    void aRecordMayBeLargerThanASegment() {
        var files = new SimulatedFiles();
        try (var log = Log.open(files, OPTIONS, Lsn.ZERO)) {
            Entries.commit(log, Entries.of(1, 50_000));
            Entries.commit(log, Entries.of(2, 10));
            assertThat(Entries.numbers(log)).containsExactly(1L, 2L);
        }
        try (var log = Log.open(files, OPTIONS, Lsn.ZERO)) {
            assertThat(Entries.numbers(log)).containsExactly(1L, 2L);
        }
    }

    @Test
    void manyCommitsShareAFlush() throws Exception {
        var files = new SimulatedFiles();
        try (var log = Log.open(files, OPTIONS, Lsn.ZERO)) {
            files.holdSyncs();
            var first =
                    CompletableFuture.runAsync(
                            () -> Entries.commit(log, Entries.of(0, 10)), THREADS);
            awaitWaitingSync(files);
            long before = files.syncCount();
            var records = new ArrayList<Append>();
            for (int i = 1; i <= 20; i++) {
                var record = log.prepare(Entries.of(i, 10));
                log.append(record);
                records.add(record);
            }
            var waiters =
                    records.stream()
                            .map(record ->
                                    CompletableFuture.runAsync(
                                            () -> log.awaitFlushed(record), THREADS))
                            .toList();
            files.letSync(Integer.MAX_VALUE / 2);
            first.join();
            waiters.forEach(CompletableFuture::join);
            assertThat(files.syncCount() - before).isBetween(2L, 6L);
        }
    }

    @Test
    void aCommitWaitsForItsFlush() {
        var files = new SimulatedFiles();
        try (var log = Log.open(files, OPTIONS, Lsn.ZERO)) {
            files.holdSyncs();
            var commit =
                    CompletableFuture.runAsync(
                            () -> Entries.commit(log, Entries.of(0, 10)), THREADS);
            awaitWaitingSync(files);
            assertThat(commit).isNotDone();
            assertThat(Entries.numbers(log)).as("nobody reads what is not on disk").isEmpty();
            files.letSync(Integer.MAX_VALUE / 2);
            commit.join();
            assertThat(Entries.numbers(log)).containsExactly(0L);
        }
    }

    @Test
    void whatNobodyWaitsForIsWrittenSoon() throws Exception {
        try (var log = Log.open(new SimulatedFiles(), OPTIONS, Lsn.ZERO);
                var reader = log.reader(log.end())) {
            var record = log.prepare(LogEntry.ofNotifications(1, 2, List.of(new Notice("c", "p"))));
            assertThat(record.isDurable()).isFalse();
            log.append(record);
            log.flushSoon(record);
            assertThat(reader.next(Duration.ofSeconds(20))).isPresent();
        }
    }

    @Test
    void aFullDiskRefusesBeforeAnythingHappenedAndIsForgottenOnceThereIsRoom() {
        var files = new SimulatedFiles();
        try (var log = Log.open(files, OPTIONS, Lsn.ZERO)) {
            files.freeBytes(0);
            var accepted = new AtomicLong();
            assertThatThrownBy(
                            () -> {
                                while (accepted.get() < 1000) {
                                    Entries.commit(log, Entries.of(accepted.get(), 100));
                                    accepted.incrementAndGet();
                                }
                            })
                    .isInstanceOfSatisfying(
                            PgException.class,
                            e -> assertThat(e.sqlState()).isEqualTo(SqlState.DISK_FULL));
            assertThat(Entries.numbers(log))
                    .isEqualTo(LongStream.range(0, accepted.get()).boxed().toList());
            files.freeBytes(1 << 20);
            Entries.commit(log, Entries.of(accepted.get(), 100));
            assertThat(Entries.numbers(log)).hasSize(accepted.intValue() + 1);
        }
    }

    @Test
    void afterAFailedFlushNothingIsAcknowledgedUntilItIsOpenedAnew() {
        var files = new SimulatedFiles();
        var log = Log.open(files, OPTIONS, Lsn.ZERO);
        Entries.commit(log, Entries.of(1, 10));
        files.failSyncs();
        for (int i = 2; i < 4; i++) {
            int number = i;
            assertThatThrownBy(() -> Entries.commit(log, Entries.of(number, 10)))
                    .isInstanceOfSatisfying(
                            PgException.class,
                            e -> assertThat(e.sqlState()).isEqualTo(SqlState.CRASH_SHUTDOWN));
        }
        assertThat(Entries.numbers(log)).containsExactly(1L);
        log.close();
        var after = files.copy();
        try (var reopened = Log.open(after, OPTIONS, Lsn.ZERO)) {
            assertThat(reopened.timelines()).hasSize(2);
            var kept = Entries.numbers(reopened);
            assertThat(kept).startsWith(1L);
            var lost = after.crashed(new Random(1));
            try (var again = Log.open(lost, OPTIONS, Lsn.ZERO)) {
                assertThat(Entries.numbers(again)).as("what is shown is on disk").isEqualTo(kept);
            }
        }
    }

    @Test
    void oldSegmentsGoUnlessAConsumerHoldsThemOrARecoveryNeedsThem() {
        var options = OPTIONS.withKeep(8192, Duration.ofDays(1)).withHoldBytesMax(100_000);
        try (var log = Log.open(new SimulatedFiles(), options, Lsn.ZERO)) {
            fill(log, 0, 200);
            log.retain(new Lsn(4096));
            assertThat(log.oldest()).as("a recovery needs it").isEqualTo(new Lsn(4096));
            var hold = log.hold(new Lsn(4096));
            log.retain(log.end());
            assertThat(log.oldest()).as("a consumer holds it").isEqualTo(new Lsn(4096));
            hold.advance(log.end());
            log.retain(log.end());
            assertThat(log.end().value() - log.oldest().value()).isBetween(8192L, 8192L + 8192L);
            assertThatThrownBy(() -> log.reader(new Lsn(4096)))
                    .isInstanceOfSatisfying(
                            PgException.class,
                            e -> assertThat(e.sqlState()).isEqualTo(SqlState.UNDEFINED_FILE));
            hold.close();
        }
    }

    @Test
    void aConsumerThatLagsTooFarLosesItsPlace() {
        var options = OPTIONS.withKeep(4096, Duration.ofDays(1)).withHoldBytesMax(8192);
        try (var log = Log.open(new SimulatedFiles(), options, Lsn.ZERO);
                var hold = log.hold(new Lsn(4096))) {
            fill(log, 0, 20);
            log.retain(log.end());
            assertThat(hold.isLost()).isFalse();
            fill(log, 20, 200);
            log.retain(log.end());
            assertThat(hold.isLost()).isTrue();
            assertThat(log.oldest()).isGreaterThan(new Lsn(4096));
        }
    }

    @Test
    void whatIsTooOldGoes() {
        var options = OPTIONS.withKeep(1 << 20, Duration.ZERO);
        try (var log = Log.open(new SimulatedFiles(), options, Lsn.ZERO)) {
            fill(log, 0, 200);
            log.retain(log.end());
            assertThat(log.end().value() - log.oldest().value()).isLessThan(3 * 4096);
        }
    }

    @Test
    void recycledSegmentsNeverShowWhatTheyHeld() {
        var files = new SimulatedFiles();
        var options = OPTIONS.withKeep(0, Duration.ofDays(1));
        var log = Log.open(files, options, Lsn.ZERO);
        for (int i = 0; i < 400; i += 20) {
            fill(log, i, i + 20);
            log.retain(log.end());
        }
        var redo = log.oldest();
        var expected = Entries.numbers(log);
        log.abandon();
        try (var reopened = Log.open(files, options, redo)) {
            assertThat(Entries.numbers(reopened)).isEqualTo(expected).endsWith(399L);
        }
    }

    @Test
    void aReaderSeeksByPositionAndByTime() {
        try (var log = Log.open(new SimulatedFiles(), OPTIONS, Lsn.ZERO)) {
            var records = fill(log, 0, 100);
            var seventy = records.get(70);
            assertThat(Entries.read(log, new Lsn(seventy.lsn)).getFirst().entry().xid())
                    .isEqualTo(70);
            assertThat(Entries.read(log, new Lsn(seventy.lsn + 1)).getFirst().entry().xid())
                    .isEqualTo(71);
            var time = Timeline.instant(seventy.commitMicros);
            var found = Entries.read(log, log.find(time)).getFirst();
            assertThat(found.commitTime()).isEqualTo(time);
            assertThat(found.entry().xid()).isLessThanOrEqualTo(70);
            assertThat(log.find(Instant.now().plusSeconds(60))).isEqualTo(log.end());
            assertThat(log.find(Instant.EPOCH)).isEqualTo(new Lsn(4096));
        }
    }

    @Test
    void aReaderFollowsWhatCommits() throws Exception {
        try (var log = Log.open(new SimulatedFiles(), OPTIONS, Lsn.ZERO);
                var reader = log.reader(log.end())) {
            assertThat(reader.next(Duration.ZERO)).isEmpty();
            var writer = CompletableFuture.runAsync(() -> fill(log, 0, 500), THREADS);
            for (long i = 0; i < 500; i++) {
                var record = reader.next(Duration.ofSeconds(20)).orElseThrow();
                assertThat(record.entry().xid()).isEqualTo(i);
            }
            writer.join();
        }
    }

    @Test
    void aFilteredReaderSkipsWhatCannotBeOnItsChannels() {
        try (var log = Log.open(new SimulatedFiles(), OPTIONS, Lsn.ZERO)) {
            fill(log, 0, 50);
            var seen = new ArrayList<Long>();
            try (var reader = log.reader(Lsn.ZERO, LogFilter.onChannels(List.of("c3")))) {
                for (var next = reader.next(); next.isPresent(); next = reader.next()) {
                    seen.add(next.get().entry().xid());
                }
            }
            assertThat(seen)
                    .isEqualTo(LongStream.range(0, 50).filter(i -> i % 5 == 3).boxed().toList());
        }
    }

    @Test
    void aLogThatIsGoneIsNotMadeAnewUnderADatabaseThatGoesOn() {
        assertThatThrownBy(() -> Log.open(new SimulatedFiles(), OPTIONS, new Lsn(8192)))
                .isInstanceOfSatisfying(
                        PgException.class,
                        e -> assertThat(e.sqlState()).isEqualTo(SqlState.DATA_CORRUPTED));
    }

    @Test
    void aLogOfAnotherFormatIsRefused() {
        var files = new SimulatedFiles();
        Log.open(files, OPTIONS, Lsn.ZERO).close();
        byte[] control = files.bytes(Control.NAME);
        control[11] = 2;
        int body = control.length - Integer.BYTES;
        var crc = new CRC32C();
        crc.update(control, 0, body);
        ByteBuffer.wrap(control).putInt(body, (int) crc.getValue());
        assertThatThrownBy(() -> Log.open(files, OPTIONS, Lsn.ZERO))
                .isInstanceOfSatisfying(
                        PgException.class,
                        e -> assertThat(e.report().detail()).contains("format version 2"));
    }

    private static List<Append> fill(Log log, int from, int to) {
        var records = new ArrayList<Append>();
        for (int i = from; i < to; i++) {
            records.add(Entries.commit(log, Entries.of(i, 100)));
        }
        return records;
    }

    private static List<List<Integer>> read(Log log) {
        return Entries.read(log, Lsn.ZERO).stream()
                .map(record -> Entries.encoded(record.entry()))
                .toList();
    }

    private static void awaitWaitingSync(SimulatedFiles files) {
        while (files.waitingSyncs() == 0) {
            Thread.onSpinWait();
        }
    }
}
