package io.heliosdb.bench.log;

import io.heliosdb.HeliosConfig;
import io.heliosdb.HeliosDb;
import io.heliosdb.config.Settings;
import io.heliosdb.pg.PgException;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Fills the disk under a database that is at work, lets it go on, and again: writers must get 53100
 * and nothing of what they did, readers must go on, checkpoints must not end the database, and once
 * there is room everybody goes on. At the end the database is opened anew and compared. Arguments:
 * a directory on a small file system of its own, such as a tmpfs of 64 MB, and rounds.
 */
public final class DiskFull {
    private static final int MB = 1 << 20;
    private static final int REFUSALS = 50;
    private static final int ROW = 20_000;

    private final Path directory;
    private final Map<Integer, Integer> rows = new HashMap<>();
    private int next;

    private DiskFull(Path directory) {
        this.directory = directory;
    }

    /**
     * Prints a line for each round; ends with an exception where something is not as it must be.
     *
     * @param arguments the directory, rounds
     * @throws IOException where the file that fills the disk cannot be made
     */
    public static void main(String[] arguments) throws IOException {
        var test = new DiskFull(Files.createTempDirectory(Path.of(arguments[0]), "full"));
        for (int round = 0; round < Integer.parseInt(arguments[1]); round++) {
            test.round(round);
        }
        DurableCommits.remove(test.directory);
    }

    private void round(int round) throws IOException {
        Path filler = directory.resolveSibling("filler");
        try (var db = open()) {
            db.execute("CREATE TABLE IF NOT EXISTS t (id int PRIMARY KEY, n int, x text)");
            check(db);
            change(db, 100);
            fill(filler);
            int before = rows.size();
            int refused = changeUntilRefused(db);
            check(db);
            checkpoint(db);
            check(db);
            Files.delete(filler);
            int after = rows.size();
            change(db, 50);
            db.execute("CHECKPOINT");
            check(db);
            System.out.printf(
                    "round %d: %d rows before the disk was full, %d more until and while it was,"
                            + " %d refused, %d after%n",
                    round, before, after - before, refused, rows.size() - after);
        } finally {
            Files.deleteIfExists(filler);
        }
        try (var db = open()) {
            check(db);
            db.execute("DELETE FROM t");
            rows.clear();
        }
    }

    private HeliosDb open() {
        return HeliosDb.open(
                HeliosConfig.at(directory.resolve("db"))
                        .with(Settings.MAX_WAL_SIZE, 2L * MB)
                        .with(Settings.WAL_KEEP_SIZE, 4L * MB));
    }

    private void change(HeliosDb db, int count) {
        for (int i = 0; i < count; i++) {
            insert(db);
        }
    }

    private void insert(HeliosDb db) {
        int id = next++;
        db.execute("INSERT INTO t VALUES (?, ?, ?)", id, id * 7, noise(id));
        rows.put(id, id * 7);
    }

    /** What cannot be made shorter. */
    private static String noise(int seed) {
        var random = new java.util.Random(seed);
        var text = new StringBuilder(ROW);
        for (int i = 0; i < ROW; i++) {
            text.append((char) (' ' + random.nextInt(90)));
        }
        return text.toString();
    }

    private int changeUntilRefused(HeliosDb db) {
        int refused = 0;
        for (int tries = 0; tries < 20_000 && refused < REFUSALS; tries++) {
            try {
                insert(db);
            } catch (PgException e) {
                if (!e.sqlState().code().equals("53100")) {
                    throw e;
                }
                refused++;
            }
        }
        if (refused < REFUSALS) {
            throw new IllegalStateException("the disk was not full");
        }
        return refused;
    }

    private static void checkpoint(HeliosDb db) {
        try {
            db.execute("CHECKPOINT");
        } catch (PgException e) {
            if (!e.sqlState().code().equals("53100")) {
                throw e;
            }
        }
    }

    private void check(HeliosDb db) {
        var found = new HashMap<Integer, Integer>();
        for (var row : db.query("SELECT id, n FROM t")) {
            found.put(row.asInt(0), row.asInt(1));
        }
        if (!found.equals(rows)) {
            throw new IllegalStateException(
                    "there are " + found.size() + " rows instead of " + rows.size());
        }
    }

    private static void fill(Path file) throws IOException {
        var bytes = new byte[64 << 10];
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(bytes);
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space left")) {
                throw e;
            }
        }
    }
}
