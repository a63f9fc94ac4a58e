package io.heliosdb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.Oid;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

final class EngineTest {
    private final Engine engine = Engine.open(EngineOptions.inMemory());
    private final RecordingServices services = new RecordingServices();
    private final EngineSession session = engine.newSession(services);

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void rowsComeBackAsTheyWereWritten() {
        session.execute("create table t(a bigint primary key, b varchar, c numeric(10, 2))");
        assertThat(
                        session.execute(
                                "insert into t values(?1, ?2, ?3)",
                                1L,
                                "x",
                                new java.math.BigDecimal("9.50")))
                .isEqualTo(1);
        session.commit();
        assertThat(query("select a, b, c from t"))
                .containsExactly(List.of(1L, "x", new java.math.BigDecimal("9.50")));
    }

    @Test
    void columnsAreDescribedInPostgresTypes() {
        session.execute("create table t(a int, b varchar(7), c numeric(10, 2), d varchar)");
        try (var plan = session.prepare("select a, b, c, d as e, 1, pg_notify('c', b) from t")) {
            assertThat(plan.columns())
                    .extracting(Column::name, Column::typeOid, Column::typeModifier)
                    .containsExactly(
                            org.assertj.core.api.Assertions.tuple("a", Oid.INT4, -1),
                            org.assertj.core.api.Assertions.tuple("b", Oid.VARCHAR, 11),
                            org.assertj.core.api.Assertions.tuple("c", Oid.NUMERIC, 655366),
                            org.assertj.core.api.Assertions.tuple("e", Oid.TEXT, -1),
                            org.assertj.core.api.Assertions.tuple("?column?", Oid.INT4, -1),
                            org.assertj.core.api.Assertions.tuple("pg_notify", Oid.VOID, -1));
        }
    }

    @Test
    void aCheckOutlivesTheSessionThatDefinedIt() {
        try (var other = engine.newSession(new RecordingServices())) {
            other.execute("create domain colour as varchar check (value in ('red', 'blue'))");
            other.execute(
                    "create table t(a varchar check (a in ('x', 'y')), b colour, c int,"
                            + " check (c = 1 or c = 2))");
        }
        assertThat(session.execute("insert into t values('y', 'blue', 2)")).isEqualTo(1);
        assertThatThrownBy(() -> session.execute("insert into t values('z', 'blue', 2)"))
                .hasMessageContaining("violates check constraint");
        assertThatThrownBy(() -> session.execute("insert into t values('y', 'green', 2)"))
                .hasMessageContaining("violates check constraint");
    }

    @Test
    void functionsReachTheSessionThatCallsThem() {
        query("select pg_notify('a', 'b')");
        assertThat(services.notifications).containsExactly("a:b");
    }

    @Test
    void whatIsInAFileIsThereAfterReopening(@TempDir Path directory) {
        try (var first = Engine.open(EngineOptions.at(directory))) {
            var writer = first.newSession(services);
            writer.execute("create table t(a int primary key)");
            writer.execute("insert into t values(1)");
            writer.commit();
            first.awaitDurable();
        }
        try (var second = Engine.open(EngineOptions.at(directory))) {
            var reader = second.newSession(services);
            try (var plan = reader.prepare("select a from t");
                    var result = plan.execute()) {
                assertThat(result.next()).isTrue();
                assertThat(result.value(0)).isEqualTo(1);
            }
        }
    }

    private List<List<@Nullable Object>> query(String sql) {
        try (var plan = session.prepare(sql);
                var result = plan.execute()) {
            var rows = new ArrayList<List<@Nullable Object>>();
            while (result.next()) {
                var row = new ArrayList<@Nullable Object>();
                for (int i = 0; i < plan.columns().size(); i++) {
                    row.add(result.value(i));
                }
                rows.add(row);
            }
            return rows;
        }
    }
}
