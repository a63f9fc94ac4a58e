package io.heliosdb.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.PgException;
import io.heliosdb.sql.TableMetadata.Column;
import io.heliosdb.sql.TriggerDefinition.Event;
import io.heliosdb.sql.TriggerDefinition.Timing;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/**
 * CREATE TRIGGER in <a href="https://www.sqlite.org/lang_createtrigger.html">SQLite's form</a> and
 * in PostgreSQL's.
 */
final class TriggerTest {
    private static final TableMetadata READINGS =
            new TableMetadata(
                    "readings",
                    List.of(
                            column("id", "BIGINT"),
                            column("value", "REAL"),
                            column("alert", "BOOLEAN")),
                    List.of());

    private final Rewriter rewriter = new Rewriter();

    @Test
    void aBodyIsReadWithItsPartsAndPlaces() {
        String sql =
                "CREATE TRIGGER IF NOT EXISTS x AFTER UPDATE OF value, alert ON readings FOR EACH"
                    + " ROW WHEN NEW.alert = 1\n"
                    + "BEGIN SELECT NOTIFY('c', json_object('v', NEW.value)); NOTIFY d, 'p'; DELETE"
                    + " FROM log WHERE id = OLD.id; END;";
        TriggerDefinition trigger = definition(sql);
        assertThat(trigger.name()).isEqualTo("x");
        assertThat(trigger.ifNotExists()).isTrue();
        assertThat(trigger.timing()).isEqualTo(Timing.AFTER);
        assertThat(trigger.events()).containsExactly(Event.UPDATE);
        assertThat(trigger.columns()).containsExactly("value", "alert");
        assertThat(trigger.condition().orElseThrow().text()).isEqualTo("NEW.alert = 1");
        assertThat(trigger.body())
                .extracting(TriggerDefinition.BodyText::text)
                .containsExactly(
                        "SELECT NOTIFY('c', json_object('v', NEW.value))",
                        "NOTIFY d, 'p'",
                        "DELETE FROM log WHERE id = OLD.id");
        for (var text : trigger.body()) {
            assertThat(trigger.source().substring(text.offset())).startsWith(text.text());
        }
    }

    @Test
    void referencesToTheRowBecomeParameters() {
        TriggerDefinition trigger =
                definition(
                        "CREATE TRIGGER x AFTER UPDATE ON readings WHEN (new.alert = 1 AND"
                            + " old.\"value\" < NEW.value) BEGIN INSERT INTO log (a, b, c) VALUES"
                            + " (NEW.id, OLD.id, NEW.id); END");
        BodyStatement condition = bind(trigger, trigger.condition().orElseThrow());
        assertThat(condition.sql())
                .isEqualTo(
                        "SELECT (CAST(?1 AS BOOLEAN) = TRUE and CAST(?2 AS REAL) < CAST(?3 AS REAL)"
                                + " )");
        assertThat(condition.references())
                .containsExactly(
                        reference(false, "alert"),
                        reference(true, "value"),
                        reference(false, "value"));
        BodyStatement insert = bind(trigger, trigger.body().getFirst());
        assertThat(insert.references())
                .containsExactly(reference(false, "id"), reference(true, "id"));
        assertThat(insert.sql()).contains("CAST(?1 AS BIGINT)", "CAST(?2 AS BIGINT)");
        assertThat(insert.isWrite()).isTrue();
        assertThat(insert.returnsRows()).isFalse();
    }

    @Test
    void anUnknownColumnIsPointedAt() {
        TriggerDefinition trigger =
                definition(
                        "CREATE TRIGGER x AFTER INSERT ON readings BEGIN SELECT pg_notify('c',"
                                + " NEW.nothing); END");
        assertThatThrownBy(() -> bind(trigger, trigger.body().getFirst()))
                .isInstanceOfSatisfying(
                        PgException.class,
                        e -> {
                            assertThat(e.sqlState().code()).isEqualTo("42703");
                            assertThat(e).hasMessage("record \"new\" has no field \"nothing\"");
                            assertThat(trigger.source().substring(e.report().position() - 1))
                                    .startsWith("nothing");
                        });
    }

    @Test
    void aRowThatTheEventDoesNotHaveIsRefused() {
        TriggerDefinition trigger =
                definition(
                        "CREATE TRIGGER x AFTER DELETE ON readings BEGIN SELECT pg_notify('c',"
                                + " NEW.id); END");
        assertThatThrownBy(() -> bind(trigger, trigger.body().getFirst()))
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.sqlState().code()).isEqualTo("42P17"));
    }

    @Test
    void aBodyThatDoesNotParseFailsAtCreate() {
        assertSyntaxError("CREATE TRIGGER x AFTER INSERT ON t BEGIN SELEC 1; END", "SELEC", 42);
        assertSyntaxError(
                "CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1 FROM a END", "END", 58);
        assertSyntaxError("CREATE TRIGGER x AFTER INSERT ON t BEGIN END", "END", 42);
        assertSyntaxError("CREATE TRIGGER x AFTER INSERT ON t BEGIN COMMIT; END", "COMMIT", 42);
        assertSyntaxError(
                "CREATE TRIGGER x SOMETIMES INSERT ON t BEGIN SELECT 1; END", "SOMETIMES", 18);
    }

    @Test
    void theFormOfPostgresIsRead() {
        Statement statement =
                new SqlParser()
                        .parseSingle(
                                "CREATE OR REPLACE TRIGGER x BEFORE INSERT OR UPDATE OF a, b ON s.t"
                                    + " FOR EACH ROW WHEN (new.a IS DISTINCT FROM old.a) EXECUTE"
                                    + " FUNCTION f('a', 1)");
        var definition = ((Statement.CreateFunctionTrigger) statement).definition();
        assertThat(definition.orReplace()).isTrue();
        assertThat(definition.events()).containsExactly("INSERT", "UPDATE");
        assertThat(definition.table()).isEqualTo(new TableName(Optional.of("s"), "t"));
        assertThat(definition.function()).isEqualTo(new TableName(Optional.empty(), "f"));
        assertThat(definition.arguments()).containsExactly("a", "1");
    }

    private static Column column(String name, String type) {
        return new Column(name, 0, type, Optional.empty(), false);
    }

    private static BodyStatement.Reference reference(boolean old, String column) {
        return new BodyStatement.Reference(old, column);
    }

    private BodyStatement bind(TriggerDefinition trigger, TriggerDefinition.BodyText text) {
        return rewriter.bind(trigger, text, READINGS, SchemaLookup.EMPTY);
    }

    private static TriggerDefinition definition(String sql) {
        return ((Statement.CreateTrigger) new SqlParser().parseSingle(sql)).definition();
    }

    private static void assertSyntaxError(String sql, String near, int position) {
        assertThatThrownBy(() -> new SqlParser().parse(sql))
                .isInstanceOfSatisfying(
                        PgException.class,
                        e -> {
                            assertThat(e).hasMessage("syntax error at or near \"" + near + '"');
                            assertThat(e.report().position()).isEqualTo(position);
                        });
    }
}
