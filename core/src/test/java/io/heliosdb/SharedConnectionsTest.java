package io.heliosdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.config.Settings;
import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.Test;

/** Calls on the database itself share connections, and know nothing of each other. */
final class SharedConnectionsTest {
    @Test
    void aTransactionCannotBeLeftOpen() {
        try (var db = HeliosDb.inMemory()) {
            db.execute("CREATE TABLE t (id INT)");
            assertThatThrownBy(() -> db.execute("BEGIN; INSERT INTO t VALUES (1)"))
                    .isInstanceOfSatisfying(
                            PgException.class,
                            e -> {
                                assertThat(e.sqlState().code()).isEqualTo("25001");
                                assertThat(e.hint().orElseThrow()).contains("transaction()");
                            });
            assertThat(db.execute("SELECT FROM t")).isZero();
        }
    }

    @Test
    void aSettingOfOneCallIsNotTheNextOnes() {
        try (var db = HeliosDb.inMemory()) {
            db.execute("SET statement_timeout = '5s'");
            db.execute("CREATE TEMP TABLE kept (id INT)");
            assertThat(db.queryRow("SHOW statement_timeout").orElseThrow().asString(0))
                    .isEqualTo("0");
            assertThatThrownBy(() -> db.query("SELECT * FROM kept"))
                    .hasMessage("relation \"kept\" does not exist");
        }
    }

    @Test
    void workThatClosesItsConnectionLeavesTheOthersWhole() {
        try (var db = HeliosDb.inMemory()) {
            assertThatThrownBy(() -> db.transaction(Connection::close))
                    .hasMessage("the connection is closed");
            assertThat(db.queryRow("SELECT 1").orElseThrow().asInt(0)).isEqualTo(1);
        }
    }

    @Test
    void aConnectionThatListensStandsInNobodysWay() {
        var config = HeliosConfig.inMemory().with(Settings.NOTIFICATION_QUEUE_SIZE, 2);
        try (var db = HeliosDb.open(config);
                var listener = db.connect()) {
            listener.execute("LISTEN c");
            for (int i = 0; i < 10; i++) {
                db.execute("NOTIFY c, '" + i + "'");
            }
            assertThat(listener.queryRow("SELECT pg_listening_channels()"))
                    .hasValueSatisfying(row -> assertThat(row.asString(0)).isEqualTo("c"));
        }
    }
}
