package io.heliosdb.trigger.plpgsql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.PgException;
import io.heliosdb.sql.TableName;
import io.heliosdb.trigger.plpgsql.TriggerContext.Firing;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/**
 * Trigger functions: NEW, OLD and TG_*, and the row that they give.
 *
 * @see <a href="https://www.postgresql.org/docs/15/plpgsql-trigger.html">PostgreSQL: trigger
 *     functions</a>
 */
final class TriggerFunctionsTest {
    private final Bodies bodies = new Bodies();

    @BeforeEach
    void createTables() {
        bodies.sql("CREATE TABLE t (id INT, name VARCHAR(10), data JSON)");
        bodies.sql("CREATE TABLE log (id INT, name VARCHAR, data JSON)");
    }

    @AfterEach
    void close() {
        bodies.close();
    }

    @Test
    void aRowIsNotified() {
        fire(
                "begin perform pg_notify('c', json_build_object('id', NEW.id, 'name',"
                        + " NEW.name)::text); return NEW; end",
                "INSERT",
                null,
                row(1, "one"));
        assertThat(bodies.notifications).containsExactly("c:{\"id\" : 1, \"name\" : \"one\"}");
    }

    @Test
    void wholeRowsAreJsonAndCompareAndAreStored() {
        fire(
                """
                begin
                  perform pg_notify('c', row_to_json(NEW)::text);
                  perform pg_notify('c', to_jsonb(OLD)::text);
                  if OLD is distinct from NEW then
                    insert into log values (NEW.*);
                    insert into log select OLD.*;
                  end if;
                  return null;
                end
                """,
                "UPDATE",
                row(1, "a"),
                row(1, "b"));
        assertThat(bodies.notifications)
                .containsExactly(
                        "c:{\"id\":1,\"name\":\"b\",\"data\":{\"k\": 1}}",
                        "c:{\"id\": 1, \"data\": {\"k\": 1}, \"name\": \"a\"}");
        assertThat(
                        bodies.run(
                                "declare r record; begin for r in select * from log order by name"
                                        + " loop raise notice '%', r; end loop; end"))
                .containsExactly(
                        "NOTICE: (1,a,\"{\"\"k\"\": 1}\")", "NOTICE: (1,b,\"{\"\"k\"\": 1}\")");
    }

    @Test
    void newIsChangedAndGivenBackInTheColumnsTypes() {
        Object[] given = row(1, "a");
        var changed =
                fire(
                        "begin NEW.name := upper(NEW.name) || NEW.id; return NEW; end",
                        "INSERT",
                        null,
                        given);
        assertThat(changed).containsExactly(1, "A1", "{\"k\": 1}");
        assertThat(given[1]).isEqualTo("a");
        assertThatThrownBy(() ->
                        fire(
                                "begin NEW.name := repeat('x', 11); return NEW; end",
                                "INSERT",
                                null,
                                given))
                .hasMessage("value too long for type character varying(10)");
    }

    @Test
    void theFactsOfTheFiringAreVariables() {
        fire(
                "begin raise notice '% % % % % % % %', TG_OP, TG_NAME, TG_WHEN, TG_LEVEL,"
                        + " TG_TABLE_NAME, TG_TABLE_SCHEMA, TG_NARGS, TG_ARGV; return OLD; end",
                "DELETE", row(1, "a"), null);
        assertThat(bodies.output).containsExactly("NOTICE: DELETE tell AFTER ROW t public 2 {x,y}");
    }

    @Test
    void theRowThatAnEventHasNotIsNull() {
        assertThat(
                        fire(
                                "begin raise notice '% %', OLD is null, OLD.id; return OLD; end",
                                "INSERT", null, row(1, "a")))
                .isNull();
        assertThat(bodies.output).containsExactly("NOTICE: t <NULL>");
    }

    @Test
    void anUnknownFieldIsRefused() {
        assertThatThrownBy(() ->
                        fire(
                                "begin perform NEW.nosuch; return NEW; end",
                                "INSERT",
                                null,
                                row(1, "a")))
                .hasMessage("record \"new\" has no field \"nosuch\"");
    }

    @Test
    void anEndWithoutReturnIsRefused() {
        assertThatThrownBy(() -> fire("begin null; end", "INSERT", null, row(1, "a")))
                .hasMessage("control reached end of trigger procedure without RETURN")
                .extracting(e -> ((PgException) e).report().where())
                .isEqualTo("PL/pgSQL function tell()");
    }

    @Test
    void transitionTablesAreRead() {
        var table = bodies.table(new TableName(Optional.empty(), "t")).orElseThrow();
        var context = new TriggerContext("tell", "AFTER", "STATEMENT", table, List.of());
        var body =
                Bodies.function(
                        "tell",
                        "trigger",
                        "declare r record; begin for r in select n.*, n.id + 1 as next from added n"
                                + " where id > 1 order by id loop raise notice '%', r; end loop;"
                                + " raise notice '%', (select count(*) from added); return null;"
                                + " end");
        for (var rows : List.of(List.of(row(1, "a"), row(2, "b")), List.<Object[]>of())) {
            bodies.runtime.fire(
                    body,
                    context,
                    new Firing("INSERT", null, null, List.of(transition("added", rows))));
        }
        assertThat(bodies.output)
                .containsExactly("NOTICE: (2,b,\"{\"\"k\"\": 1}\",3)", "NOTICE: 2", "NOTICE: 0");
    }

    private static TriggerContext.TransitionTable transition(
            String name, List<? extends @Nullable Object[]> rows) {
        return new TriggerContext.TransitionTable(name, List.copyOf(rows));
    }

    private @Nullable Object @Nullable [] fire(
            String body,
            String operation,
            @Nullable Object @Nullable [] oldRow,
            @Nullable Object @Nullable [] newRow) {
        bodies.output.clear();
        var table = bodies.table(new TableName(Optional.empty(), "t")).orElseThrow();
        var context = new TriggerContext("tell", "AFTER", "ROW", table, List.of("x", "y"));
        return bodies.runtime.fire(
                Bodies.function("tell", "trigger", body),
                context,
                new Firing(operation, oldRow, newRow, List.of()));
    }

    private static Object[] row(int id, String name) {
        return new Object[] {id, name, "{\"k\": 1}"};
    }
}
