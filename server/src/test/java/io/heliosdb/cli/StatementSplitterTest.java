package io.heliosdb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

final class StatementSplitterTest {
    @Test
    void semicolonsEndStatements() {
        assertThat(split("select 1; select 2;\n;;  select 3"))
                .containsExactly("select 1", "select 2", "rest: select 3");
    }

    @Test
    void semicolonsInQuotesAndCommentsDoNot() {
        assertThat(
                        split(
                                "select ';', 'it''s;', \";\", E'\\';', $$;$$, $a$ ; $$ ; $a$ -- ;\n"
                                        + "/* ; /* ; */ ; */;"))
                .hasSize(1);
        assertThat(split("select $1; select a$b;")).containsExactly("select $1", "select a$b");
        assertThat(split("select name'a\\';")).hasSize(1);
    }

    @Test
    void semicolonsInParenthesesDoNot() {
        assertThat(split("create rule r as on insert to t do also (notify a; notify b);"))
                .hasSize(1);
    }

    @Test
    void aTriggersBodyStaysWhole() {
        String trigger =
                """
                CREATE TRIGGER IF NOT EXISTS t AFTER INSERT ON a
                WHEN NEW.x = 1
                BEGIN
                  SELECT NOTIFY('c', CASE NEW.x WHEN 1 THEN 'a;' ELSE 'b' END);
                  UPDATE a SET x = 2;
                END\
                """;
        assertThat(split(trigger + ";\nbegin; commit;"))
                .containsExactly(trigger, "begin", "commit");
        assertThat(
                        split(
                                "create or replace trigger t after insert on a for each row execute"
                                        + " function f();select 1;"))
                .hasSize(2);
    }

    @Test
    void commentsAloneAreNoStatement() {
        assertThat(split("-- nothing\n/* here */ ; -- nor here\n")).isEmpty();
    }

    @Test
    void aStatementMayComeInPieces() {
        var statements = new StatementSplitter();
        statements.add("select 'a\n");
        assertThat(statements.next()).isEmpty();
        assertThat(statements.rest()).isEqualTo("select 'a");
        statements.add("b';\n");
        assertThat(statements.next()).contains("select 'a\nb'");
        assertThat(statements.rest()).isEmpty();
    }

    @Test
    void whatHasBeenTypedCanBeForgotten() {
        var statements = new StatementSplitter();
        statements.add("select 'a\n");
        statements.clear();
        statements.add("select 1;\n");
        assertThat(statements.next()).contains("select 1");
    }

    private static List<String> split(String text) {
        var statements = new StatementSplitter();
        statements.add(text);
        var found = new ArrayList<String>();
        for (var next = statements.next(); next.isPresent(); next = statements.next()) {
            found.add(next.get());
        }
        if (!statements.rest().isEmpty()) {
            found.add("rest: " + statements.rest());
        }
        return found;
    }
}
