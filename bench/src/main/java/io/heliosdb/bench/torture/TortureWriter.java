package io.heliosdb.bench.torture;

import io.heliosdb.Connection;
import io.heliosdb.HeliosConfig;
import io.heliosdb.HeliosDb;
import io.heliosdb.config.Settings;
import io.heliosdb.pg.PgException;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/**
 * The process that is killed: eight writers, each with transactions of every kind, and a line for
 * each that was acknowledged. Arguments: the data directory, the first number, a seed.
 *
 * <p>A transaction has a name, writer and number. It writes its name into two tables, tells it on a
 * channel, and leaves a sum of nothing in the accounts; a trigger writes it into a third table and
 * tells it on a second channel.
 */
final class TortureWriter {
    static final int WRITERS = 8;
    static final int ACCOUNTS = 50;

    /** One in so many is rolled back, on purpose. */
    static final int UNDONE = 7;

    private static final long MB = 1 << 20;
    private static final int LOB_CHARS = 30_000;

    private final HeliosDb db;
    private final int first;
    private final PrintStream out;

    private TortureWriter(HeliosDb db, int first, PrintStream out) {
        this.db = db;
        this.first = first;
        this.out = out;
    }

    /** How parent and child open the database: all of the log is kept. */
    static HeliosConfig config(Path directory) {
        return HeliosConfig.at(directory)
                .with(Settings.MAX_WAL_SIZE, 2 * MB)
                .with(Settings.CHECKPOINT_TIMEOUT, Duration.ofSeconds(1))
                .with(Settings.WAL_KEEP_SIZE, 1024 * 1024 * MB)
                .with(Settings.WAL_KEEP_TIME, Duration.ofDays(10));
    }

    static void define(HeliosDb db) {
        db.execute("CREATE TABLE IF NOT EXISTS account (id int PRIMARY KEY, n bigint NOT NULL)");
        db.execute(
                "CREATE TABLE IF NOT EXISTS a (writer int, n int, part int, PRIMARY KEY (writer, n,"
                        + " part))");
        db.execute(
                "CREATE TABLE IF NOT EXISTS b (id bigserial PRIMARY KEY, writer int, n int, body"
                        + " text, bin bytea)");
        db.execute("CREATE TABLE IF NOT EXISTS audit (writer int, n int)");
        db.execute("CREATE SEQUENCE IF NOT EXISTS numbers");
        db.execute("CREATE TABLE IF NOT EXISTS used (v bigint)");
        db.execute(
                """
                CREATE TRIGGER IF NOT EXISTS tell AFTER INSERT ON b
                BEGIN
                    INSERT INTO audit VALUES (NEW.writer, NEW.n);
                    SELECT NOTIFY('told', NEW.writer || ':' || NEW.n);
                END
                """);
        if (db.queryRow("SELECT count(*) FROM account").orElseThrow().asLong(0) == 0) {
            db.transaction(tx -> {
                for (int i = 0; i < ACCOUNTS; i++) {
                    tx.execute("INSERT INTO account VALUES (?, 0)", i);
                }
            });
        }
    }

    /**
     * Writes until it is killed.
     *
     * @param arguments the data directory, the first number, a seed
     * @throws InterruptedException never
     */
    public static void main(String[] arguments) throws InterruptedException {
        var db = HeliosDb.open(config(Path.of(arguments[0])));
        define(db);
        var writer = new TortureWriter(db, Integer.parseInt(arguments[1]), System.out);
        long seed = Long.parseLong(arguments[2]);
        writer.say("ready");
        for (int i = 0; i < WRITERS; i++) {
            int number = i;
            Thread.ofPlatform().start(() -> writer.run(number, new Random(seed + number)));
        }
        Thread.currentThread().join();
    }

    private void say(String line) {
        synchronized (out) {
            out.println(line);
            out.flush();
        }
    }

    private void run(int writer, Random random) {
        try (var connection = db.connect()) {
            for (int n = first; ; n++) {
                if (transaction(connection, writer, n, random)) {
                    say(writer + ":" + n);
                }
                if (random.nextInt(60) == 0) {
                    definition(connection, writer, n, random);
                }
            }
        }
    }

    /** Whether it was committed; one that lost a race with another of its kind was not. */
    private static boolean transaction(Connection tx, int writer, int n, Random random) {
        try {
            tx.execute("BEGIN");
            write(tx, writer, n, random);
            if (n % UNDONE == 0) {
                tx.execute("ROLLBACK");
                return false;
            }
            tx.execute("COMMIT");
            return true;
        } catch (PgException e) {
            if (tx.isInTransaction()) {
                tx.execute("ROLLBACK");
            }
            String state = e.sqlState().code();
            if (!state.equals("40P01") && !state.equals("40001") && !state.equals("55P03")) {
                throw e;
            }
            return false;
        }
    }

    private static void write(Connection tx, int writer, int n, Random random) {
        int parts = 1 + n % 4;
        for (int part = 0; part < parts; part++) {
            tx.execute("INSERT INTO a VALUES (?, ?, ?)", writer, n, part);
        }
        tx.execute("SAVEPOINT before");
        tx.execute("INSERT INTO a VALUES (?, ?, ?)", writer, n, 1_000);
        tx.execute("UPDATE account SET n = n + 1000000 WHERE id = ?", random.nextInt(ACCOUNTS));
        tx.execute("SELECT pg_notify('named', 'undone')");
        tx.execute("ROLLBACK TO before");
        int from = random.nextInt(ACCOUNTS - 1);
        int to = from + 1 + random.nextInt(ACCOUNTS - from - 1);
        tx.execute("UPDATE account SET n = n - 1 WHERE id = ?", from);
        tx.execute("UPDATE account SET n = n + 1 WHERE id = ?", to);
        boolean isLarge = random.nextInt(10) == 0;
        tx.execute(
                "INSERT INTO b (writer, n, body, bin) VALUES (?, ?, ?, ?)",
                writer,
                n,
                "x".repeat(isLarge ? LOB_CHARS : random.nextInt(200)),
                new byte[isLarge ? LOB_CHARS : random.nextInt(50)]);
        if (random.nextInt(4) == 0) {
            tx.execute("INSERT INTO used SELECT nextval('numbers')");
        }
        if (random.nextInt(5) == 0) {
            tx.execute("DELETE FROM b WHERE body <> '' AND writer = ? AND n < ?", writer, n - 200);
            tx.execute("INSERT INTO audit VALUES (-1, ?)", n);
        }
        tx.execute("SELECT pg_notify('named', ?)", writer + ":" + n);
    }

    /** Definitions are acknowledged too; what one makes is there or not, and never in parts. */
    private void definition(Connection connection, int writer, int n, Random random) {
        String table = "t_" + writer + "_" + n;
        switch (random.nextInt(3)) {
            case 0 -> {
                connection.execute("CREATE TABLE " + table + " AS SELECT id, n FROM account");
                say("table " + table);
            }
            case 1 -> {
                connection.execute("CREATE TABLE " + table + " (id serial PRIMARY KEY, x text)");
                connection.execute("INSERT INTO " + table + " (x) VALUES ('1'), ('2')");
                connection.execute("ALTER TABLE " + table + " ADD COLUMN y int DEFAULT 7");
                connection.execute("CREATE INDEX ON " + table + " (x)");
                say("table " + table);
            }
            default -> {
                connection.execute("CREATE TABLE " + table + " (i int)");
                connection.execute("DROP TABLE " + table);
                say("gone " + table);
            }
        }
    }
}
