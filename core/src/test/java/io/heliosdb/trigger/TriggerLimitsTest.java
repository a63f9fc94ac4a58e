package io.heliosdb.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.Connection;
import io.heliosdb.HeliosDb;
import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What never ends by itself is ended, as it was asked to. */
@Timeout(60)
final class TriggerLimitsTest {
    /** A cancel that came too early is repeated after this time. */
    private static final Duration AGAIN = Duration.ofMillis(100);

    private final HeliosDb db = HeliosDb.inMemory();
    private final Connection connection = db.connect();

    @BeforeEach
    void createObjects() {
        connection.execute("CREATE TABLE t (id int)");
        connection.execute(
                "CREATE FUNCTION spin() RETURNS int LANGUAGE plpgsql AS"
                        + " $$ DECLARE i int := 0; BEGIN LOOP i := (i + 1) % 10; END LOOP; END $$");
    }

    @AfterEach
    void close() {
        connection.close();
        db.close();
    }

    @Test
    void statementTimeoutEndsALoop() {
        connection.execute("SET statement_timeout = 200");
        long begun = System.nanoTime();
        assertFailsWith("57014", "SELECT spin()");
        var took = Duration.ofNanos(System.nanoTime() - begun);
        assertThat(took).isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }

    @Test
    void aLoopWithoutAnyStatementInItCanBeCancelled() throws InterruptedException {
        var started = new CountDownLatch(1);
        var failed = new CountDownLatch(1);
        var runner =
                Thread.ofVirtual()
                        .start(() -> {
                            started.countDown();
                            assertFailsWith("57014", "DO $$ BEGIN LOOP NULL; END LOOP; END $$");
                            failed.countDown();
                        });
        started.await();
        // The cancel may come before the loop: it is repeated until it has met it.
        do {
            connection.cancel();
        } while (!failed.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS));
        runner.join();
    }

    @Test
    void aTriggerThatFiresItselfIsStopped() {
        connection.execute(
                "CREATE FUNCTION again() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN INSERT INTO t VALUES (new.id + 1); RETURN new; END $$");
        connection.execute(
                "CREATE TRIGGER x AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION again()");
        assertFailsWith("54001", "INSERT INTO t VALUES (1)");
        assertThat(connection.queryRow("SELECT count(*)::int FROM t").orElseThrow().asInt(0))
                .isZero();
    }

    @Test
    void aFunctionThatCallsItselfIsStopped() {
        connection.execute(
                "CREATE FUNCTION f(i int) RETURNS int LANGUAGE plpgsql AS"
                        + " $$ BEGIN RETURN f(i + 1); END $$");
        assertFailsWith("54001", "SELECT f(1)");
        connection.execute(
                "CREATE FUNCTION g(i int) RETURNS int LANGUAGE plpgsql AS"
                        + " $$ DECLARE n int; BEGIN SELECT g(i + 1) INTO n FROM t; EXECUTE 'SELECT"
                        + " g($1)' INTO n USING i; RETURN n; END $$");
        assertFailsWith("54001", "SELECT g(1)");
        assertThat(connection.queryRow("SELECT 1").orElseThrow().asInt(0)).isEqualTo(1);
    }

    private void assertFailsWith(String sqlState, String sql) {
        assertThatThrownBy(() -> connection.execute(sql))
                .isInstanceOfSatisfying(
                        PgException.class,
                        e -> assertThat(e.sqlState().code()).isEqualTo(sqlState));
    }
}
