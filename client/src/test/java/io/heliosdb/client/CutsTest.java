package io.heliosdb.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.pg.Delivery.ConnectionLost;
import io.heliosdb.pg.Delivery.Reconnected;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Random cuts, and what only a whole PostgreSQL does to its sessions. */
final class CutsTest extends CutsContract {
    private final Postgres postgres = Postgres.shared();

    @Override
    protected TestServer server() {
        return postgres;
    }

    @Test
    @Timeout(60)
    void aTerminatedBackendIsALossWithItsReason() throws Exception {
        try (var listener = PgListener.connect(postgres.url())) {
            listener.listen("x");
            int pid = listener.query("SELECT pg_backend_pid()", row -> row.getInt(1)).getFirst();
            postgres.run("SELECT pg_terminate_backend(" + pid + ")");
            assertThat(listener.take())
                    .isInstanceOfSatisfying(
                            ConnectionLost.class,
                            lost ->
                                    assertThat(lost.cause())
                                            .hasMessageContaining("terminating connection"));
            assertThat(listener.take()).isInstanceOf(Reconnected.class);
            postgres.notify("x", "after");
            assertThat(listener.receive().payload()).isEqualTo("after");
        }
    }

    @Test
    @Timeout(60)
    void aRestartOfTheServerIsALoss() throws Exception {
        try (var listener = PgListener.connect(postgres.url())) {
            listener.listen("x");
            postgres.restart();
            assertThat(listener.tryReceive()).isEmpty();
            postgres.notify("x", "after");
            assertThat(listener.receive(Duration.ofSeconds(20)).orElseThrow().payload())
                    .isEqualTo("after");
        }
    }

    @Test
    void noSessionOutlivesItsListener() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (var listener = PgListener.connect(postgres.url())) {
                listener.listen("x");
            }
        }
        // A backend that was told goodbye may take a moment to leave.
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (sessions() > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(200_000);
        }
        assertThat(sessions()).isZero();
    }

    private int sessions() throws Exception {
        try (var connection = postgres.connect();
                var statement = connection.createStatement();
                var row =
                        statement.executeQuery(
                                "SELECT count(*) FROM pg_stat_activity"
                                        + " WHERE application_name = 'heliosdb-listener'")) {
            row.next();
            return row.getInt(1);
        }
    }
}
