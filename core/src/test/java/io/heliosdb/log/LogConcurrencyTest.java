package io.heliosdb.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

@Timeout(120)
class LogConcurrencyTest {
    private static final int WRITERS = 8;
    private static final int COMMITS = 400;
    private static final LogOptions OPTIONS =
            LogOptions.defaults()
                    .withSegmentBytes(1 << 16)
                    .withTailBytes(20_000)
                    .withKeep(1 << 30, Duration.ofDays(1));

    /** A virtual thread leaves the writing to the log's own; a platform thread may write itself. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void writersAndReadersSeeOneOrder(boolean onVirtualThreads, @TempDir Path directory)
            throws Exception {
        var files = DiskFiles.at(directory);
        var log = Log.open(files, OPTIONS, Lsn.ZERO);
        var next = new AtomicLong();
        List<Long> expected;
        try (var threads =
                onVirtualThreads
                        ? Executors.newVirtualThreadPerTaskExecutor()
                        : Executors.newCachedThreadPool()) {
            var readers = new ArrayList<Future<List<Long>>>();
            for (int i = 0; i < 3; i++) {
                readers.add(threads.submit(() -> follow(log)));
            }
            var writers = new ArrayList<Callable<Void>>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(() -> {
                    for (int k = 0; k < COMMITS; k++) {
                        Entries.commit(log, Entries.of(next.getAndIncrement(), k % 300));
                    }
                    return null;
                });
            }
            for (var done : threads.invokeAll(writers)) {
                done.get();
            }
            expected = Entries.numbers(log);
            assertThat(expected).hasSize(WRITERS * COMMITS).doesNotHaveDuplicates();
            for (var reader : readers) {
                assertThat(reader.get()).isEqualTo(expected);
            }
        }
        log.abandon();
        try (var reopened = Log.open(files, OPTIONS, Lsn.ZERO)) {
            assertThat(Entries.numbers(reopened)).isEqualTo(expected);
        }
    }

    @Test
    void aWriterThatIsInterruptedHarmsNothing(@TempDir Path directory) throws Exception {
        var files = DiskFiles.at(directory);
        var log = Log.open(files, OPTIONS, Lsn.ZERO);
        var interrupted =
                Thread.ofPlatform()
                        .start(() -> {
                            for (int i = 0; i < COMMITS; i++) {
                                Thread.currentThread().interrupt();
                                Entries.commit(log, Entries.of(i, i));
                                assertThat(Thread.interrupted()).isTrue();
                            }
                        });
        interrupted.join();
        Entries.commit(log, Entries.of(COMMITS, 1));
        assertThat(log.isSound()).isTrue();
        log.abandon();
        try (var reopened = Log.open(files, OPTIONS, Lsn.ZERO)) {
            assertThat(Entries.numbers(reopened)).hasSize(COMMITS + 1);
        }
    }

    @Test
    void readersAreToldWhenTheLogIsRemovedUnderThem(@TempDir Path directory) throws Exception {
        var options = OPTIONS.withKeep(0, Duration.ofDays(1)).withHoldBytesMax(0);
        try (var log = Log.open(DiskFiles.at(directory), options, Lsn.ZERO);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var done =
                    threads.submit(() -> {
                        for (int i = 0; i < 3000; i++) {
                            Entries.commit(log, Entries.of(i, 200));
                            if (i % 100 == 0) {
                                log.retain(log.end());
                            }
                        }
                    });
            long seen = -1;
            while (seen < 2999) {
                seen = readUntilRemoved(log, seen);
            }
            done.get();
        }
    }

    private static long readUntilRemoved(Log log, long before) throws InterruptedException {
        long seen = before;
        try (var reader = log.reader(Lsn.ZERO)) {
            while (seen < 2999) {
                var next = reader.next(Duration.ofMillis(100));
                if (next.isPresent()) {
                    long number = next.get().entry().xid();
                    var row = next.get().entry().rows().getFirst().newRow();
                    assertThat(row[199]).isEqualTo((byte) (number + 199));
                    seen = Math.max(seen, number);
                }
            }
        } catch (PgException e) {
            assertThat(e.sqlState()).isEqualTo(SqlState.UNDEFINED_FILE);
        }
        return seen;
    }

    private static List<Long> follow(Log log) throws InterruptedException {
        var seen = new ArrayList<Long>();
        try (var reader = log.reader(Lsn.ZERO)) {
            while (seen.size() < WRITERS * COMMITS) {
                seen.add(reader.next(Duration.ofSeconds(60)).orElseThrow().entry().xid());
            }
        }
        return seen;
    }
}
