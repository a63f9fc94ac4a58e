package io.heliosdb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.log.LogOptions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Power is lost at any moment of commits, checkpoints, rollovers of the log and truncations of what
 * nobody needs: what was acknowledged is there, and nothing of a transaction in part.
 */
@Timeout(300)
final class PowerLossTest {
    private static final int VARIANTS = Integer.getInteger("heliosdb.power.variants", 500);
    private static final int HISTORIES = 5;
    private static final int TRANSACTIONS = 150;
    private static final WalOptions OPTIONS =
            WalOptions.defaults()
                    .withLog(
                            LogOptions.defaults()
                                    .withSegmentBytes(8192)
                                    .withKeep(0, Duration.ZERO)
                                    .withUnflushed(1 << 20, Duration.ZERO))
                    .withCheckpoints(Long.MAX_VALUE, Duration.ZERO);

    @TempDir private Path parent;

    @AfterEach
    void plainFilesAgain() {
        RecordedFiles.record(null);
    }

    @Test
    void noAcknowledgedCommitIsLost() throws IOException {
        long seed = new Random().nextLong();
        for (int history = 0; history < HISTORIES; history++) {
            var writes = new LostWrites();
            var random = new Random(seed + history);
            live(parent.resolve("db" + history), writes, random);
            for (int variant = 0; variant < VARIANTS / HISTORIES; variant++) {
                int moment = 1 + random.nextInt(writes.size());
                Path found = parent.resolve("found" + history + "_" + variant);
                writes.layOut(moment, random, found);
                check(
                        found,
                        writes.acknowledgedBefore(moment),
                        "seed %d, history %d, variant %d".formatted(seed, history, variant));
            }
        }
    }

    private static void live(Path directory, LostWrites writes, Random random) {
        RecordedFiles.record(writes);
        var options = EngineOptions.at(directory).withWal(Optional.of(OPTIONS));
        try (var engine = Recovery.open(EngineStore.open(options), options, writes::through);
                var session = engine.newSession(new RecordingServices())) {
            session.execute("create table a(n int primary key, pad varchar)");
            session.execute("create table b(n int, pad varchar)");
            session.execute("create index i on b(pad)");
            writes.acknowledged(0);
            for (int n = 1; n <= TRANSACTIONS; n++) {
                session.execute(
                        "insert into a values (?1, ?2)", n, "x".repeat(random.nextInt(600)));
                session.execute(
                        "insert into b values (?1, ?2)", n, "y".repeat(random.nextInt(600)));
                session.execute("update b set pad = ?1 where n < ?2", "z" + n, n % 20);
                session.commit();
                engine.awaitDurable();
                writes.acknowledged(n);
                if (random.nextInt(12) == 0) {
                    engine.checkpoint();
                }
            }
        } finally {
            RecordedFiles.record(null);
        }
    }

    private static void check(Path directory, int acknowledged, String which) {
        if (acknowledged < 0) {
            return; // Nothing was promised yet, not even that there is a database.
        }
        var options = EngineOptions.at(directory).withWal(Optional.of(OPTIONS));
        try (var engine = Engine.open(options);
                var session = engine.newSession(new RecordingServices())) {
            var row = Rows.of(session, "select count(*), coalesce(max(n), 0) from a").getFirst();
            long count = (Long) row.get(0);
            assertThat(row.get(1)).as("%s: no hole", which).isEqualTo((int) count);
            assertThat(count).as("%s: acknowledged", which).isGreaterThanOrEqualTo(acknowledged);
            assertThat(Rows.of(session, "select count(*), coalesce(max(n), 0) from b"))
                    .as("%s: both tables", which)
                    .containsExactly(List.of(count, (int) count));
            assertThat(Rows.of(session, "select count(*) from b where pad is not null"))
                    .as("%s: the index", which)
                    .containsExactly(List.of(count));
        } catch (RuntimeException e) {
            throw new AssertionError(which + ": " + acknowledged + " were acknowledged", e);
        }
    }
}
