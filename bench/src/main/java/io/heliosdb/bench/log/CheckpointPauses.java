package io.heliosdb.bench.log;

import io.heliosdb.bench.log.CommitTarget.Writer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a durable commit takes while a checkpoint is written, and while none is: threads change
 * random rows of a table, and a checkpoint begins whenever the log has grown by so much. Arguments:
 * a directory on the disk to measure, seconds, threads, rows, megabytes of log between checkpoints,
 * milliseconds that an fsync takes longer.
 */
public final class CheckpointPauses {
    private static final int MB = 1 << 20;
    private static final int BATCH = 1000;
    private static final long LOOK_NANOS = 1_000_000;

    private final int rows;
    private final long nanos;

    private CheckpointPauses(int rows, long nanos) {
        this.rows = rows;
        this.nanos = nanos;
    }

    /** When a checkpoint began and ended, or a commit. */
    private record Span(long begin, long end) {
        boolean meets(Span other) {
            return begin < other.end && other.begin < end;
        }

        long nanos() {
            return end - begin;
        }
    }

    /**
     * Prints the two distributions.
     *
     * @param arguments the directory, seconds, threads, rows, megabytes, milliseconds
     * @throws Exception where the disk or a commit fails
     */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory(Path.of(arguments[0]), "pauses");
        long nanos = TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[1]));
        int threads = Integer.parseInt(arguments[2]);
        var bench = new CheckpointPauses(Integer.parseInt(arguments[3]), nanos);
        long growth = Long.parseLong(arguments[4]) * MB;
        var delay = Duration.ofMillis(Long.parseLong(arguments[5]));
        try (var target = HeliosTarget.withLog(directory, Duration.ZERO)) {
            bench.fill(target);
        }
        try (var target = HeliosTarget.withLog(directory, delay)) {
            bench.run(target, threads, growth);
        } finally {
            DurableCommits.remove(directory);
        }
    }

    private void fill(HeliosTarget target) throws InterruptedException {
        try (var pool = Executors.newFixedThreadPool(64)) {
            var tasks = new ArrayList<Callable<Boolean>>();
            for (int from = 0; from < rows; from += BATCH) {
                int first = from;
                tasks.add(() -> {
                    try (var writer = target.newWriter()) {
                        for (int id = first; id < Math.min(rows, first + BATCH); id++) {
                            writer.commit(id);
                        }
                    }
                    return true;
                });
            }
            pool.invokeAll(tasks);
        }
    }

    private void run(HeliosTarget target, int threads, long growth) throws Exception {
        var stop = new AtomicBoolean();
        var commits = new ArrayList<Span>();
        List<Span> checkpoints;
        try (var pool = Executors.newFixedThreadPool(threads + 1)) {
            var checkpointing = pool.submit(() -> checkpoint(target, growth, stop));
            var writers = new ArrayList<Callable<List<Span>>>();
            for (int i = 0; i < threads; i++) {
                var random = new Random(i);
                writers.add(() -> write(target, random));
            }
            for (var done : pool.invokeAll(writers)) {
                commits.addAll(done.get());
            }
            stop.set(true);
            checkpoints = checkpointing.get();
        }
        print(commits, checkpoints);
        var alone = target.engine().checkpoints().orElseThrow().alone();
        System.out.printf(
                "nobody could write for p50 %d us, p99 %d us, at most %d us of a checkpoint%n",
                alone.median().toNanos() / 1000,
                alone.p99().toNanos() / 1000,
                alone.longest().toNanos() / 1000);
    }

    private static List<Span> checkpoint(HeliosTarget target, long growth, AtomicBoolean stop) {
        var spans = new ArrayList<Span>();
        var log = target.engine().log().orElseThrow();
        long next = log.end().value() + growth;
        while (!stop.get()) {
            if (log.end().value() < next) {
                LockSupport.parkNanos(LOOK_NANOS);
                continue;
            }
            long begin = System.nanoTime();
            target.engine().checkpoint();
            spans.add(new Span(begin, System.nanoTime()));
            next = log.end().value() + growth;
        }
        return spans;
    }

    private List<Span> write(HeliosTarget target, Random random) throws Exception {
        var spans = new ArrayList<Span>();
        try (Writer writer = target.newUpdater()) {
            long before = System.nanoTime();
            long end = before + nanos;
            while (before < end) {
                writer.commit(random.nextInt(rows));
                long now = System.nanoTime();
                spans.add(new Span(before, now));
                before = now;
            }
        }
        return spans;
    }

    private static void print(List<Span> commits, List<Span> checkpoints) {
        var inside = new ArrayList<Span>();
        var outside = new ArrayList<Span>();
        for (var commit : commits) {
            (checkpoints.stream().anyMatch(commit::meets) ? inside : outside).add(commit);
        }
        System.out.printf(
                "%d checkpoints, longest %d ms; %d commits%n",
                checkpoints.size(),
                checkpoints.stream().mapToLong(Span::nanos).max().orElse(0) / 1_000_000,
                commits.size());
        print("outside", outside);
        print("inside", inside);
        System.out.printf(
                "p99 inside / outside %.2f%n",
                (double) quantile(inside, 0.99) / quantile(outside, 0.99));
    }

    private static void print(String name, List<Span> spans) {
        System.out.printf(
                "%-8s %d commits, p50 %d us, p99 %d us, p99.9 %d us, longest %d us%n",
                name,
                spans.size(),
                quantile(spans, 0.5) / 1000,
                quantile(spans, 0.99) / 1000,
                quantile(spans, 0.999) / 1000,
                quantile(spans, 1) / 1000);
    }

    private static long quantile(List<Span> spans, double part) {
        long[] sorted = spans.stream().mapToLong(Span::nanos).sorted().toArray();
        return sorted.length == 0
                ? 1
                : sorted[(int) Math.min(sorted.length - 1, sorted.length * part)];
    }
}
