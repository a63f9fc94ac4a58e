package io.heliosdb.bench.log;

import io.heliosdb.engine.Engine;
import io.heliosdb.engine.EngineOptions;
import io.heliosdb.engine.QuietServices;
import io.heliosdb.engine.WalOptions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Updates the same rows for a long time at default settings, and prints how large the file, the log
 * and the heap are; then copies what a process that dies now would leave, and opens it. Arguments:
 * a directory on the disk to measure, seconds, rows.
 */
public final class UpdateHeavy {
    private static final int WRITERS = 4;
    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MB = 1 << 20;

    private UpdateHeavy() {}

    /**
     * Prints a line for each ten seconds, and one for the recovery.
     *
     * @param arguments the directory, seconds, rows
     * @throws Exception where the disk or a commit fails
     */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory(Path.of(arguments[0]), "updates");
        Path left = Files.createTempDirectory(Path.of(arguments[0]), "left");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[1]));
        int rows = Integer.parseInt(arguments[2]);
        var stop = new AtomicBoolean();
        var commits = new AtomicLong();
        try (var engine = Engine.open(EngineOptions.at(directory))) {
            fill(engine, rows);
            engine.checkpoint();
            long live = Files.size(directory.resolve("heliosdb.mv.db"));
            var threads = new Thread[WRITERS];
            for (int i = 0; i < WRITERS; i++) {
                var random = new Random(i);
                threads[i] =
                        Thread.ofPlatform()
                                .start(() -> update(engine, rows, random, stop, commits));
            }
            while (System.nanoTime() < end) {
                TimeUnit.NANOSECONDS.timedJoin(
                        threads[0], Math.min(LINE_NANOS, end - System.nanoTime()));
                print(engine, directory, live, commits.get());
            }
            awaitLongLog(engine);
            copy(directory, left);
            stop.set(true);
            for (var thread : threads) {
                thread.join();
            }
        }
        long begun = System.nanoTime();
        Engine.open(EngineOptions.at(left)).close();
        System.out.printf(
                "recovery and close after a kill: %d ms%n",
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
    }

    /** The worst moment for a kill: the log since a checkpoint is nearly as long as it gets. */
    private static void awaitLongLog(Engine engine) {
        long before = checkpoints(engine);
        while (checkpoints(engine) == before) {
            Thread.onSpinWait();
        }
        var log = engine.log().orElseThrow();
        long wanted = log.end().value() + WalOptions.defaults().checkpointBytes() * 9 / 10;
        while (log.end().value() < wanted) {
            Thread.onSpinWait();
        }
    }

    private static long checkpoints(Engine engine) {
        var stats = engine.checkpoints().orElseThrow();
        return stats.requested() + stats.timed();
    }

    private static void fill(Engine engine, int rows) {
        try (var session = engine.newInternalSession(new QuietServices("postgres", "postgres"))) {
            session.execute("create table public.t(id int primary key, n bigint, pad varchar)");
            for (int id = 0; id < rows; id++) {
                session.execute("insert into public.t values (?1, 0, ?2)", id, "p".repeat(200));
                if (id % 1000 == 0) {
                    session.commit();
                }
            }
            session.commit();
        }
    }

    private static void update(
            Engine engine, int rows, Random random, AtomicBoolean stop, AtomicLong commits) {
        try (var session = engine.newInternalSession(new QuietServices("postgres", "postgres"));
                var update = session.prepare("update public.t set n = ?1 where id = ?2")) {
            while (!stop.get()) {
                update.execute(new Object[] {random.nextLong(), random.nextInt(rows)}).close();
                session.commit();
                if (commits.incrementAndGet() % 100 == 0) {
                    engine.awaitDurable();
                }
            }
        }
    }

    private static void print(Engine engine, Path directory, long live, long commits)
            throws IOException {
        System.gc();
        var runtime = Runtime.getRuntime();
        long file = Files.size(directory.resolve("heliosdb.mv.db"));
        System.out.printf(
                "commits=%d file=%dMB (%.1f times its first size) log=%dMB heap=%dMB"
                        + " alone-p99=%dus%n",
                commits,
                file / MB,
                (double) file / live,
                engine.log().orElseThrow().stats().sizeBytes() / MB,
                (runtime.totalMemory() - runtime.freeMemory()) / MB,
                engine.checkpoints().orElseThrow().alone().p99().toNanos() / 1000);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.resolve("log"));
        Files.copy(from.resolve("heliosdb.mv.db"), to.resolve("heliosdb.mv.db"));
        try (var files = Files.list(from.resolve("log"))) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve("log").resolve(file.getFileName()));
            }
        }
    }
}
