package io.heliosdb.bench.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Durable commits of one row each by 1, 8 and 64 threads: ours with its log, the group commit of
 * the store without it, SQLite with synchronous = FULL and PostgreSQL, in turns on one machine;
 * then the first two with an fsync that takes 2 and 10 ms longer. Arguments: a directory on the
 * disk to measure, seconds of a turn, rounds, and the URL of a PostgreSQL on the same disk, or none
 * to leave it out. Each line is a turn; the last lines are the medians of all rounds.
 */
public final class DurableCommits {
    /** A row of a usual size. */
    static final String TEXT = "some fifty bytes long, as the rows of such tables are";

    /** Those whose disk can be made slower. */
    private static final List<String> DELAYED = List.of("log", "store");

    private static final int[] THREADS = {1, 8, 64};
    private static final Duration[] DELAYS = {
        Duration.ZERO, Duration.ofMillis(2), Duration.ofMillis(10)
    };

    private final Path parent;
    private final long nanos;
    private final List<String> names = new ArrayList<>();
    private final Map<String, List<Turn>> turns = new LinkedHashMap<>();

    /** What a turn showed. */
    private record Turn(double perSecond, long p50Micros, long p99Micros) {}

    /** How a database is opened. */
    private interface Opening {
        CommitTarget open(Path directory, Duration fsync) throws Exception;
    }

    private DurableCommits(Path parent, long nanos) {
        this.parent = parent;
        this.nanos = nanos;
    }

    /**
     * Prints a line for each turn, and the medians.
     *
     * @param arguments the directory, seconds of a turn, rounds, the URL of a PostgreSQL
     * @throws Exception where the disk or a commit fails
     */
    public static void main(String[] arguments) throws Exception {
        long nanos = TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[1]));
        var bench = new DurableCommits(Path.of(arguments[0]), nanos);
        var all = new LinkedHashMap<String, Opening>();
        all.put("log", HeliosTarget::withLog);
        all.put("store", HeliosTarget::withoutLog);
        all.put("sqlite", (directory, fsync) -> JdbcTarget.sqlite(directory));
        if (arguments.length > 3) {
            all.put("postgres", (directory, fsync) -> JdbcTarget.postgres(arguments[3]));
        }
        for (int round = 0; round < Integer.parseInt(arguments[2]); round++) {
            for (var delay : DELAYS) {
                for (int threads : THREADS) {
                    for (var opening : all.entrySet()) {
                        if (DELAYED.contains(opening.getKey()) || delay.isZero()) {
                            bench.turn(opening.getKey(), opening.getValue(), threads, delay);
                        }
                    }
                }
            }
        }
        bench.printMedians();
    }

    private void turn(String name, Opening opening, int threads, Duration fsync) throws Exception {
        Path directory = Files.createTempDirectory(parent, "commits");
        try (var target = opening.open(directory, fsync)) {
            var turn = measure(target, threads);
            String key = "fsync +%d ms, %d threads".formatted(fsync.toMillis(), threads);
            System.out.println(text(key + ", " + name, turn));
            turns.computeIfAbsent(key + ", " + name, _ -> new ArrayList<>()).add(turn);
            if (!names.contains(key)) {
                names.add(key);
            }
        } finally {
            remove(directory);
        }
    }

    private Turn measure(CommitTarget target, int threads) throws Exception {
        try (var pool = Executors.newFixedThreadPool(threads)) {
            var writers = new ArrayList<Callable<long[]>>();
            for (int i = 0; i < threads; i++) {
                long first = i * 1_000_000_000L;
                writers.add(() -> write(target, first));
            }
            var all = new ArrayList<long[]>();
            for (var done : pool.invokeAll(writers)) {
                all.add(done.get());
            }
            long[] times = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
            return new Turn(
                    times.length * 1e9 / nanos,
                    times[times.length / 2] / 1000,
                    times[times.length * 99 / 100] / 1000);
        }
    }

    private long[] write(CommitTarget target, long first) throws Exception {
        var times = new Times();
        try (var writer = target.newWriter()) {
            long before = System.nanoTime();
            long end = before + nanos;
            for (long id = first; before < end; id++) {
                writer.commit(id);
                long now = System.nanoTime();
                times.add(now - before);
                before = now;
            }
        }
        return times.all();
    }

    private void printMedians() {
        System.out.println("medians");
        turns.forEach((key, all) -> System.out.println(text(key, median(all))));
        for (String key : names) {
            var log = turns.get(key + ", log");
            var store = turns.get(key + ", store");
            if (log != null && store != null) {
                System.out.printf(
                        "%s: log / store %.2f%n",
                        key, median(log).perSecond / median(store).perSecond);
            }
        }
    }

    private static Turn median(List<Turn> all) {
        return all.stream()
                .sorted(Comparator.comparingDouble(Turn::perSecond))
                .toList()
                .get(all.size() / 2);
    }

    private static String text(String key, Turn turn) {
        return "%-36s %8.0f commits/s, p50 %d us, p99 %d us"
                .formatted(key, turn.perSecond, turn.p50Micros, turn.p99Micros);
    }

    static void remove(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
