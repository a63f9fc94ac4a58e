package io.heliosdb.trigger.plpgsql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.util.List;

/** Functions and procedures: arguments, results, sets, transactions. */
final class FunctionsTest {
    private final Bodies bodies = new Bodies();

    @AfterEach
    void close() {
        bodies.close();
    }

    @Test
    void aFunctionComputesWithItsArguments() {
        var add = Bodies.function("add", "int", "begin return a + $2; end", "IN a int", "IN b int");
        assertThat(bodies.runtime.call(add, 2, 40)).isEqualTo(42);
    }

    @Test
    void theResultIsCastToTheFunctionsType() {
        var half = Bodies.function("half", "numeric(5,2)", "begin return x / 3.0; end", "IN x int");
        assertThat(bodies.runtime.call(half, 2)).isEqualTo(new BigDecimal("0.67"));
        var wrong = Bodies.function("wrong", "int", "begin return x; end", "IN x text");
        assertThatThrownBy(() -> bodies.runtime.call(wrong, "ten"))
                .hasMessage("invalid input syntax for type integer: \"ten\"")
                .extracting(e -> ((PgException) e).report().where())
                .isEqualTo(
                        "PL/pgSQL function wrong(text) while casting return value to function's"
                                + " return type");
    }

    @Test
    void anEndWithoutReturnIsRefused() {
        var none = Bodies.function("none", "int", "begin null; end");
        assertThatThrownBy(() -> bodies.runtime.call(none))
                .hasMessage("control reached end of function without RETURN")
                .extracting(e -> ((PgException) e).sqlState().code())
                .isEqualTo("2F005");
    }

    @Test
    void outParametersAreTheResult() {
        var one = Bodies.function("one", "int", "begin b := a * 2; end", "IN a int", "OUT b int");
        assertThat(bodies.runtime.call(one, 4)).isEqualTo(8);
        var two =
                Bodies.function(
                        "two",
                        "record",
                        "begin b := a; c := 'x'; end",
                        "IN a int",
                        "OUT b int",
                        "OUT c text");
        assertThat((Object[]) bodies.runtime.call(two, 4)).containsExactly(4, "x");
    }

    @Test
    void aSetIsWhatReturnNextAndQueryGave() {
        bodies.sql("CREATE TABLE t (id INT, name VARCHAR)");
        bodies.sql("INSERT INTO t VALUES (1, 'a'), (2, 'b')");
        var numbers =
                Bodies.function(
                        "numbers",
                        "setof int",
                        "begin for i in 1..n loop return next i; end loop; return query select id"
                                + " from t where id > 1; return; return next 0; end",
                        "IN n int");
        var rows = bodies.runtime.callSet(numbers, List.of(), 2);
        assertThat(rows.rows()).extracting(row -> row[0]).containsExactly(1, 2, 2);
        var whole =
                Bodies.function(
                        "whole",
                        "setof t",
                        "declare r t; begin for r in select * from t order by id loop return next"
                                + " r; end loop; end");
        assertThat(bodies.runtime.callSet(whole, List.of()).rows())
                .containsExactly(new Object[] {1, "a"}, new Object[] {2, "b"});
        var table =
                Bodies.function(
                        "tab",
                        "setof record",
                        "begin x := 1; y := 'q'; return next; return query execute 'select id,"
                                + " name from t where id = $1' using 2; end",
                        "TABLE x int",
                        "TABLE y text");
        var set = bodies.runtime.callSet(table, List.of());
        assertThat(set.columns()).extracting(Column::name).containsExactly("x", "y");
        assertThat(set.rows()).containsExactly(new Object[] {1, "q"}, new Object[] {2, "b"});
    }

    @Test
    void aQueryOfAnotherWidthIsRefused() {
        var wide = Bodies.function("wide", "setof int", "begin return query select 1, 2; end");
        assertThatThrownBy(() -> bodies.runtime.callSet(wide, List.of()))
                .hasMessage("structure of query does not match function result type");
    }

    @Test
    void aRowIsTakenAndGiven() {
        bodies.sql("CREATE TABLE t (id INT, name VARCHAR)");
        var change =
                Bodies.function(
                        "change", "t", "begin r.name := r.name || '!'; return r; end", "IN r t");
        Object[] row = {1, "a"};
        assertThat((Object[]) bodies.runtime.call(change, (Object) row)).containsExactly(1, "a!");
        assertThat(row).containsExactly(1, "a");
    }

    @Test
    void aProcedureEndsTransactionsAndGivesItsParameters() {
        var body =
                Bodies.function(
                        "work",
                        "procedure",
                        "begin commit; b := b + 1; rollback; end",
                        "INOUT b int");
        assertThat(bodies.runtime.callProcedure(body, 4)).containsExactly(5);
        assertThat(bodies.commits).isOne();
        assertThat(bodies.rollbacks).isOne();
    }

    @Test
    void callPutsOutParametersIntoVariables() {
        assertThat(
                        bodies.run(
                                "declare a int := 1; b int := 2; begin call swap(a, b); raise"
                                        + " notice '% %', a, b; call swap(a, 1 + 1); end"))
                .containsExactly(
                        "NOTICE: 2 1",
                        "ERROR 42601: procedure parameter 2 is an output parameter but"
                                + " corresponding argument is not writable",
                        "CONTEXT: PL/pgSQL function inline_code_block line 1 at CALL");
    }

    @Test
    void aRecursionWithoutEndIsRefused() throws InterruptedException {
        var thread =
                Thread.ofVirtual()
                        .start(() ->
                                bodies.run(
                                        "begin call again(); exception when others then raise"
                                                + " notice '% %', sqlstate, sqlerrm; end"));
        thread.join();
        assertThat(bodies.output).containsExactly("NOTICE: 54001 stack depth limit exceeded");
    }

    @Test
    void whatAHandlerUndoesIsNotSent() {
        bodies.run(
                """
                begin
                  notify kept, 'a';
                  begin
                    perform pg_notify('lost', 'b');
                    notify lost;
                    raise exception 'no';
                  exception when others then perform pg_notify('kept', 'c');
                  end;
                end
                """);
        assertThat(bodies.notifications).containsExactly("kept:a", "kept:c");
    }

    @Test
    void everyLoopLooksForACancel() {
        for (String loop :
                List.of(
                        "loop null; end loop",
                        "while true loop null; end loop",
                        "for i in 1..2000000000 loop null; end loop")) {
            bodies.cancelAfter = 10;
            assertThat(bodies.run("begin " + loop + "; exception when others then null; end"))
                    .first()
                    .asString()
                    .startsWith("ERROR 57014");
        }
    }

    @Test
    void aChangeOfTheSchemaIsSeenAtTheNextCall() {
        bodies.sql("CREATE TABLE t (id INT)");
        bodies.sql("INSERT INTO t VALUES (1)");
        var body =
                Bodies.function(
                        "f",
                        "text",
                        "declare r record; begin select * into r from t; return row_to_json(r);"
                                + " end");
        assertThat(bodies.runtime.call(body)).isEqualTo("{\"id\":1}");
        bodies.sql("ALTER TABLE t ADD COLUMN more INT DEFAULT 2");
        assertThat(bodies.runtime.call(body)).isEqualTo("{\"id\":1,\"more\":2}");
    }
}
