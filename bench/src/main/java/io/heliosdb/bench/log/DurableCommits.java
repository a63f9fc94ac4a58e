package io.heliosdb.bench.log;

import io.heliosdb.engine.Engine;
import io.heliosdb.engine.EngineOptions;
import io.heliosdb.engine.QuietServices;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Durable commits of one row each, by one thread and by several, with the log and without it, in
 * turns on one machine. Arguments: a directory on the disk to measure, seconds of a turn, turns.
 */
public final class DurableCommits {
    private static final int[] THREADS = {1, 8};

    private DurableCommits() {}

    /**
     * Prints a line for each turn.
     *
     * @param arguments the directory, seconds of a turn, turns
     * @throws Exception where the disk or a commit fails
     */
    public static void main(String[] arguments) throws Exception {
        Path parent = Path.of(arguments[0]);
        long nanos = TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[1]));
        for (int turn = 0; turn < Integer.parseInt(arguments[2]); turn++) {
            for (int threads : THREADS) {
                for (boolean withLog : List.of(true, false)) {
                    measure(Files.createTempDirectory(parent, "commits"), threads, withLog, nanos);
                }
            }
        }
    }

    private static void measure(Path directory, int threads, boolean withLog, long nanos)
            throws Exception {
        var options = EngineOptions.at(directory);
        if (!withLog) {
            options = options.withWal(Optional.empty());
        }
        try (var engine = Engine.open(options);
                var pool = Executors.newFixedThreadPool(threads)) {
            try (var setup = engine.newInternalSession(new QuietServices("postgres", "postgres"))) {
                setup.execute("create table t(id bigint primary key, x varchar)");
                setup.commit();
            }
            var writers = new ArrayList<Callable<long[]>>();
            for (int i = 0; i < threads; i++) {
                long first = i * 1_000_000_000L;
                writers.add(() -> write(engine, first, nanos));
            }
            var all = new ArrayList<long[]>();
            for (var done : pool.invokeAll(writers)) {
                all.add(done.get());
            }
            long[] times = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
            System.out.printf(
                    "%s threads=%d commits/s=%d p50=%dus p99=%dus%n",
                    withLog ? "log  " : "store",
                    threads,
                    times.length * TimeUnit.SECONDS.toNanos(1) / nanos,
                    times[times.length / 2] / 1000,
                    times[times.length * 99 / 100] / 1000);
        } finally {
            remove(directory);
        }
    }

    private static long[] write(Engine engine, long first, long nanos) {
        var times = new ArrayList<Long>();
        try (var session = engine.newInternalSession(new QuietServices("postgres", "postgres"));
                var insert = session.prepare("insert into t values (?1, ?2)")) {
            long end = System.nanoTime() + nanos;
            long before = System.nanoTime();
            for (long id = first; before < end; id++) {
                insert.execute(new Object[] {id, "a row of a usual size, some fifty bytes long"})
                        .close();
                try (var commit = session.prepareCommit(1, List.of())) {
                    if (commit.isLogged()) {
                        commit.append();
                    }
                    commit.complete(true, false);
                }
                long now = System.nanoTime();
                times.add(now - before);
                before = now;
            }
        }
        return times.stream().mapToLong(Long::longValue).toArray();
    }

    private static void remove(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
