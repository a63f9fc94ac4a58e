package io.heliosdb.bench.trigger;

import io.heliosdb.Connection;
import io.heliosdb.HeliosDb;
import io.heliosdb.Statement;

import java.util.ArrayList;
import java.util.List;

/**
 * What a row costs with a trigger that notifies, and without: inserts into tables that differ in
 * their trigger only, in turns of some thousand rows within one run, so that whatever else the
 * machine does meets all of them. In memory; a turn is one transaction, which is rolled back, so
 * that neither the commit nor the growth of the tables is measured.
 */
public final class TriggerBench {
    private static final int ROWS = 2_000;
    private static final int ROUNDS = 60;
    private static final int WARM_UP = 40;

    private final HeliosDb db = HeliosDb.inMemory();
    private final Connection connection = db.connect();
    private final List<Subject> subjects = new ArrayList<>();

    private record Subject(String name, Statement insert, List<Double> nanos) {}

    private TriggerBench() {}

    /**
     * Prints the nanoseconds of a row, the median of all turns, and its ratio to a row without a
     * trigger.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        var bench = new TriggerBench();
        bench.subject("no trigger", "plain", "");
        bench.subject(
                "BEGIN … END, pg_notify",
                "sqlite",
                """
                CREATE TRIGGER tell AFTER INSERT ON sqlite BEGIN
                SELECT pg_notify('c', json_build_object('id', NEW.id, 'customer', NEW.customer,
                'amount', NEW.amount)::text); END\
                """);
        bench.subject(
                "PL/pgSQL, pg_notify",
                "plpgsql",
                """
                CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                PERFORM pg_notify('c', json_build_object('id', NEW.id, 'customer', NEW.customer,
                'amount', NEW.amount)::text); RETURN NEW; END $$;;
                CREATE TRIGGER tell AFTER INSERT ON plpgsql FOR EACH ROW EXECUTE FUNCTION tell()\
                """);
        bench.subject(
                "BEGIN … END, WHEN",
                "guarded",
                """
                CREATE TRIGGER tell AFTER INSERT ON guarded WHEN (NEW.amount > 10) BEGIN
                SELECT NOTIFY('c', json_object('id', NEW.id, 'customer', NEW.customer)); END\
                """);
        bench.subject(
                "BEGIN … END, SELECT NEW.id",
                "idle",
                "CREATE TRIGGER tell AFTER INSERT ON idle BEGIN SELECT NEW.id; END");
        bench.run();
    }

    private void subject(String name, String table, String trigger) {
        connection.execute(
                "CREATE TABLE "
                        + table
                        + " (id INT PRIMARY KEY, customer TEXT, amount NUMERIC(10, 2))");
        for (String statement : trigger.split(";;", -1)) {
            if (!statement.isBlank()) {
                connection.execute(statement);
            }
        }
        var insert = connection.prepare("INSERT INTO " + table + " VALUES ($1, $2, $3)");
        subjects.add(new Subject(name, insert, new ArrayList<>()));
    }

    private void run() {
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            for (var subject : subjects) {
                double nanos = turn(subject.insert());
                if (round >= 0) {
                    subject.nanos().add(nanos);
                }
            }
        }
        double plain = median(subjects.getFirst().nanos());
        for (var subject : subjects) {
            double nanos = median(subject.nanos());
            System.out.printf(
                    "%-28s %8.0f ns a row %6.2f x%n", subject.name(), nanos, nanos / plain);
        }
        db.close();
    }

    private double turn(Statement insert) {
        connection.execute("BEGIN");
        long start = System.nanoTime();
        for (int i = 0; i < ROWS; i++) {
            insert.execute(i, "customer " + i, 12.5);
        }
        long nanos = System.nanoTime() - start;
        connection.execute("ROLLBACK");
        return nanos / (double) ROWS;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
