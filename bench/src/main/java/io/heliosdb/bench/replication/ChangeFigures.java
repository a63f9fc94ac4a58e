package io.heliosdb.bench.replication;

import io.heliosdb.Change;
import io.heliosdb.ChangeStream;
import io.heliosdb.HeliosDb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Change streams in the process: the replay of a history, rows of a snapshot under writes with the
 * changes after them, and a video call's frames beside a chat. What comes is checked, not only
 * counted. Arguments: a directory on the disk to measure, rows of the history and of the snapshot,
 * frames.
 */
public final class ChangeFigures {
    private static final int ROWS_OF_A_TRANSACTION = 100;
    private static final int FRAME_BYTES = 30_000;
    private static final int LARGE_BYTES = 900_000;
    private static final long FRAME_NANOS = TimeUnit.SECONDS.toNanos(1) / 15;

    private final int rows;
    private final int frames;

    private ChangeFigures(int rows, int frames) {
        this.rows = rows;
        this.frames = frames;
    }

    /** What was found. */
    record Figures(
            long replayedPerSecond,
            long existingPerSecond,
            long changesDuringSnapshot,
            double frameP50Millis,
            double frameP99Millis) {}

    /**
     * Prints the figures; ends with an exception where something is missing or comes twice.
     *
     * @param arguments the directory, rows, frames
     * @throws Exception where the disk fails or a check does
     */
    public static void main(String[] arguments) throws Exception {
        var figures =
                measure(
                        Path.of(arguments[0]),
                        Integer.parseInt(arguments[1]),
                        Integer.parseInt(arguments[2]));
        System.out.printf("replay of a history, row events/s     %,d%n", figures.replayedPerSecond);
        System.out.printf("rows of a snapshot under writes, /s   %,d%n", figures.existingPerSecond);
        System.out.printf(
                "changes that came after its rows      %,d%n", figures.changesDuringSnapshot);
        System.out.printf(
                "frames of 30 kB, commit to consumer   p50 %.2f ms, p99 %.2f ms%n",
                figures.frameP50Millis, figures.frameP99Millis);
    }

    static Figures measure(Path parent, int rows, int frames) throws Exception {
        var measurement = new ChangeFigures(rows, frames);
        var directory = Files.createTempDirectory(parent, "changes");
        try (var db = HeliosDb.open(directory)) {
            db.execute("CREATE TABLE event (id int PRIMARY KEY, n int NOT NULL, body text)");
            db.execute("CREATE TABLE frame (id int PRIMARY KEY, image bytea)");
            db.execute("CREATE TABLE chat (id int PRIMARY KEY, line text)");
            db.execute("CREATE PUBLICATION events FOR TABLE event");
            db.execute("CREATE PUBLICATION call FOR TABLE frame, chat");
            long replayed = measurement.replay(db);
            var snapshot = measurement.snapshot(db);
            long[] delays = measurement.call(db);
            return new Figures(
                    replayed,
                    snapshot[0],
                    snapshot[1],
                    millis(delays[delays.length / 2]),
                    millis(delays[(int) (delays.length * 0.99)]));
        } finally {
            remove(directory);
        }
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    /** Rows in transactions of a hundred, then all of them from the slot; events a second. */
    private long replay(HeliosDb db) throws InterruptedException {
        db.query("SELECT pg_create_logical_replication_slot('replay', 'pgoutput')");
        for (int from = 0; from < rows; from += ROWS_OF_A_TRANSACTION) {
            db.execute(
                    "INSERT INTO event SELECT i, 0, 'event ' || i FROM generate_series(?::int,"
                            + " ?::int) AS s(i)",
                    from,
                    from + ROWS_OF_A_TRANSACTION - 1);
        }
        // The first reading warms up; it acknowledges nothing, so the second has all again.
        readHistory(db, false);
        return readHistory(db, true);
    }

    private long readHistory(HeliosDb db, boolean acknowledges) throws InterruptedException {
        long begun = System.nanoTime();
        int next = 0;
        try (var stream = db.changes("replay").from("events")) {
            while (next < rows) {
                switch (stream.next()) {
                    case Change.Insert(var _, var _, var row) -> {
                        require(row.asInt(0) == next, "row " + next + " is missing");
                        next++;
                    }
                    case Change.Commit(var _, var end, var _) when acknowledges -> stream.ack(end);
                    default -> {}
                }
            }
        }
        return (long) (rows / ((System.nanoTime() - begun) / 1e9));
    }

    /** What a consumer has in the end is what the database has; rows a second, and changes. */
    private long[] snapshot(HeliosDb db) throws InterruptedException {
        var isOver = new AtomicBoolean();
        var writer = Thread.ofPlatform().start(() -> write(db, isOver));
        Map<Integer, Integer> copy = new HashMap<>();
        long perSecond = 0;
        long changes = 0;
        try (var stream = db.changes("snapshot").withSnapshot().from("events")) {
            long begun = System.nanoTime();
            while (!copy.containsKey(-1)) {
                var change = stream.next();
                if (change instanceof Change.ExistingEnd end) {
                    perSecond = (long) (copy.size() / ((System.nanoTime() - begun) / 1e9));
                    stream.ack(end.lsn());
                    isOver.set(true);
                    writer.join();
                    db.execute("INSERT INTO event VALUES (-1, 0, 'last')");
                }
                changes += change instanceof Change.Commit ? 1 : 0;
                apply(change, copy);
            }
        }
        var differing = db.queryRow("SELECT count(*), sum(n) FROM event").orElseThrow();
        long sum = copy.values().stream().mapToLong(Integer::longValue).sum();
        require(differing.asLong(0) == copy.size(), "the copy has other rows than the table");
        require(differing.asLong(1) == sum, "the copy has other values than the table");
        return new long[] {perSecond, changes};
    }

    private void write(HeliosDb db, AtomicBoolean isOver) {
        for (int i = 0; !isOver.get(); i++) {
            db.execute("UPDATE event SET n = n + 1 WHERE id = ?", (i * 7919) % rows);
            db.execute("INSERT INTO event VALUES (?, 1, 'new')", rows + i);
            db.execute("DELETE FROM event WHERE id = ?", (i * 104_729) % rows);
        }
    }

    private static void apply(Change change, Map<Integer, Integer> copy) {
        switch (change) {
            case Change.Existing(var _, var _, var row) ->
                    require(copy.put(row.asInt(0), row.asInt(1)) == null, "a row comes twice");
            case Change.Insert(var _, var _, var row) ->
                    require(copy.put(row.asInt(0), row.asInt(1)) == null, "a row comes twice");
            case Change.Update(var _, var _, var old, var row) -> {
                Integer before = copy.put(row.asInt(0), row.asInt(1));
                require(
                        before != null && before == old.asInt(1),
                        "a row was another before its update");
            }
            case Change.Delete(var _, var _, var old) ->
                    require(copy.remove(old.asInt(0)) != null, "a row that is deleted is missing");
            default -> {}
        }
    }

    /** Frames at 15 a second beside a chat, and a large one; sorted delays from the commit. */
    private long[] call(HeliosDb db) throws InterruptedException {
        long[] committed = new long[frames];
        long[] delays = new long[frames];
        try (var stream = db.changes("call").from("call")) {
            var sender = Thread.ofPlatform().start(() -> send(db, committed));
            int next = 0;
            while (next < frames) {
                int id = frame(stream);
                if (id >= 0) {
                    delays[next] = System.nanoTime() - committed[id];
                    require(id == next, "frame " + next + " is missing");
                    next++;
                }
            }
            sender.join();
            db.execute("INSERT INTO frame VALUES (?, ?)", frames, new byte[LARGE_BYTES]);
            while (frame(stream) != frames) {}
        }
        Arrays.sort(delays);
        return delays;
    }

    private void send(HeliosDb db, long[] committed) {
        long due = System.nanoTime();
        for (int i = 0; i < frames; i++) {
            due += FRAME_NANOS;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            db.execute("INSERT INTO chat VALUES (?, 'hello')", i);
            committed[i] = System.nanoTime();
            db.execute("INSERT INTO frame VALUES (?, ?)", i, new byte[FRAME_BYTES]);
        }
    }

    /** The number of the frame that the next change brings, or -1 where it brings none. */
    private int frame(ChangeStream stream) throws InterruptedException {
        var change = stream.next();
        if (change instanceof Change.Commit commit) {
            stream.ack(commit.end());
        }
        if (!(change instanceof Change.Insert(var _, var table, var row))
                || !table.name().equals("frame")) {
            return -1;
        }
        int id = row.asInt(0);
        byte[] image = row.asBytes(1);
        int expected = id == frames ? LARGE_BYTES : FRAME_BYTES;
        require(image != null && image.length == expected, "a frame has another size");
        return id;
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }

    private static void remove(Path directory) throws IOException {
        List<Path> all;
        try (var files = Files.walk(directory)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }
}
