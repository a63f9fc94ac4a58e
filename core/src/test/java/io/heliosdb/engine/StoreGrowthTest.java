package io.heliosdb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.log.LogOptions;

import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A store that is updated and updated stays as large as what it holds, and so does its log. */
@Timeout(120)
final class StoreGrowthTest {
    /** A thread for each: the common pool has but one on a small machine. */
    private static final Executor THREADS = Thread.ofPlatform().daemon()::start;

    private static final int ROWS = 10_000;
    private static final int WRITERS = 2;
    private static final int TRANSACTIONS = 4_000;
    private static final long WAL_BYTES = 64 << 10;
    private static final int SEGMENT_BYTES = 64 << 10;

    @TempDir private Path parent;

    @Test
    void updatesMakeNeitherTheFileNorTheLogGrow() throws IOException {
        Path directory = parent.resolve("db");
        var log =
                LogOptions.defaults()
                        .withSegmentBytes(SEGMENT_BYTES)
                        .withKeep(1 << 20, Duration.ofDays(1));
        var wal =
                WalOptions.defaults().withLog(log).withCheckpoints(WAL_BYTES, Duration.ofHours(1));
        Path store = directory.resolve("heliosdb.mv.db");
        long size;
        try (var engine = Engine.open(EngineOptions.at(directory).withWal(Optional.of(wal)))) {
            fill(engine);
            long seed = new Random().nextLong();
            var writers = new ArrayList<CompletableFuture<Void>>();
            for (int i = 0; i < WRITERS; i++) {
                var random = new Random(seed + i);
                writers.add(CompletableFuture.runAsync(() -> update(engine, random), THREADS));
            }
            writers.forEach(CompletableFuture::join);
            assertThat(engine.checkpoints().orElseThrow().requested()).isGreaterThan(5);
            engine.checkpoint();
            size = Files.size(store);
            // What is kept for readers, two checkpoints, and what is made ahead or kept for use.
            assertThat(engine.log().orElseThrow().stats().sizeBytes())
                    .isLessThan((1 << 20) + 3 * WAL_BYTES + 8 * SEGMENT_BYTES);
        }
        Path compact = parent.resolve("compact.mv.db");
        MVStore.compact(store.toString(), compact.toString(), false, null);
        assertThat(size).isLessThan(3 * Files.size(compact));
    }

    private static void fill(Engine engine) {
        try (var session = engine.newSession(new RecordingServices())) {
            session.execute("create table t(id int primary key, n bigint, pad varchar)");
            session.execute("create index i on t(n)");
            session.execute(
                    "insert into t select \"X\", \"X\", repeat('p', 100) from system_range(1, ?1)",
                    ROWS);
            session.commit();
        }
    }

    private static void update(Engine engine, Random random) {
        try (var session = engine.newSession(new RecordingServices());
                var update = session.prepare("update t set n = ?1 where id = ?2")) {
            for (int i = 0; i < TRANSACTIONS; i++) {
                update.execute(new Object[] {random.nextLong(), 1 + random.nextInt(ROWS)}).close();
                session.commit();
            }
        }
    }
}
