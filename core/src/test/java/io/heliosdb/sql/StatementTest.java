package io.heliosdb.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.PgException;
import io.heliosdb.sql.Statement.Discard.Target;
import io.heliosdb.sql.TransactionModes.Isolation;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/** The statements that never reach the engine. */
final class StatementTest {
    private final SqlParser parser = new SqlParser();

    @Test
    void aStringIsSplitWithItsPlaces() {
        List<Statement> statements = parser.parse(";; SELECT ';' ; /* ; */ LISTEN a;; -- end");
        assertThat(statements)
                .extracting(Statement::source)
                .containsExactly("SELECT ';'", "LISTEN a");
        assertThat(statements).extracting(Statement::offset).containsExactly(3, 24);
        assertThat(parser.parse(" -- nothing\n;")).isEmpty();
        assertThat(parser.parseSingle("")).isInstanceOf(Statement.Empty.class);
    }

    @Test
    void oneSyntaxErrorFailsTheWholeString() {
        assertThatThrownBy(() -> parser.parse("INSERT INTO t VALUES (1); selec 1"))
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.report().position()).isEqualTo(27));
        assertThatThrownBy(() -> parser.parseSingle("SELECT 1; SELECT 2"))
                .hasMessage("cannot insert multiple commands into a prepared statement");
    }

    @Test
    void channelsFoldAndAreCutWithANotice() {
        assertThat(((Statement.Listen) parser.parseSingle("LISTEN Foo")).channel())
                .isEqualTo("foo");
        assertThat(((Statement.Listen) parser.parseSingle("LISTEN \"Foo \"\"x\"")).channel())
                .isEqualTo("Foo \"x");
        var notify = (Statement.Notify) parser.parseSingle("NOTIFY É" + "é".repeat(40) + ", $$p$$");
        assertThat(notify.channel()).isEqualTo("É" + "é".repeat(30));
        assertThat(notify.payload()).isEqualTo("p");
        assertThat(notify.notice().orElseThrow().sqlState().code()).isEqualTo("42622");
        assertThat(notify.notice().orElseThrow().message())
                .isEqualTo(
                        "identifier \"É"
                                + "é".repeat(40)
                                + "\" will be truncated to \"É"
                                + "é".repeat(30)
                                + '"');
        assertThat(parser.parseSingle("UNLISTEN *")).isInstanceOf(Statement.UnlistenAll.class);
        assertThat(((Statement.Unlisten) parser.parseSingle("UNLISTEN \"*\"")).channel())
                .isEqualTo("*");
    }

    @Test
    void transactionsComeWithTheirModes() {
        var begin =
                (TransactionStatement.Begin)
                        parser.parseSingle(
                                "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY NOT DEFERRABLE");
        assertThat(begin.modes())
                .isEqualTo(
                        new TransactionModes(
                                Optional.of(Isolation.REPEATABLE_READ),
                                Optional.of(true),
                                Optional.of(false)));
        assertThat(((TransactionStatement.Begin) parser.parseSingle("START TRANSACTION")).tag())
                .isEqualTo("START TRANSACTION");
        assertThat(parser.parseSingle("BEGIN IMMEDIATE"))
                .isInstanceOf(TransactionStatement.Begin.class);
        assertThat(((TransactionStatement.Commit) parser.parseSingle("END AND CHAIN")).chain())
                .isTrue();
        assertThat(
                        ((TransactionStatement.Rollback) parser.parseSingle("ABORT AND NO CHAIN"))
                                .chain())
                .isFalse();
        assertThat(
                        ((TransactionStatement.RollbackTo)
                                        parser.parseSingle("ROLLBACK WORK TO SAVEPOINT s"))
                                .name())
                .isEqualTo("s");
        assertThat(((TransactionStatement.Release) parser.parseSingle("RELEASE s")).name())
                .isEqualTo("s");
        assertThat(
                        ((TransactionStatement.PrepareTransaction)
                                        parser.parseSingle("PREPARE TRANSACTION 'x'"))
                                .id())
                .isEqualTo("x");
    }

    @Test
    void settingsComeWithTheirValues() {
        assertSet(
                "SET LOCAL x.y TO a, 'b c', -1.5, on",
                true,
                "x.y",
                List.of("a", "b c", "-1.5", "on"));
        assertSet("SET SESSION x = DEFAULT", false, "x", List.of());
        assertSet("SET TIME ZONE 'UTC'", false, "timezone", List.of("UTC"));
        assertSet("SET NAMES 'UTF8'", false, "client_encoding", List.of("UTF8"));
        assertSet("SET SESSION AUTHORIZATION bob", false, "session_authorization", List.of("bob"));
        assertThat(((Statement.Show) parser.parseSingle("SHOW TRANSACTION ISOLATION LEVEL")).name())
                .isEqualTo("transaction_isolation");
        assertThat(((Statement.Reset) parser.parseSingle("RESET ALL")).name()).isEqualTo("all");
        assertThat(((Statement.Discard) parser.parseSingle("DISCARD TEMPORARY")).target())
                .isEqualTo(Target.TEMP);
    }

    @Test
    void preparedStatementsHoldWhatTheyRun() {
        var prepare =
                (Statement.Prepare) parser.parseSingle("PREPARE p (int, text) AS SELECT $1, $2");
        assertThat(prepare.parameterOids()).containsExactly(23, 25);
        assertThat(prepare.body().source()).isEqualTo("SELECT $1, $2");
        var execute = (Statement.Execute) parser.parseSingle("EXECUTE p (1, 'a')");
        Rewritten arguments =
                new Rewriter()
                        .rewrite(execute.arguments().orElseThrow(), SchemaLookup.EMPTY, new int[0]);
        assertThat(arguments.sql()).isEqualTo("SELECT 1 , 'a'");
        assertThat(((Statement.Deallocate) parser.parseSingle("DEALLOCATE PREPARE ALL")).name())
                .isEmpty();
    }

    @Test
    void rolesComeWithTheirOptionsAndNeverPrintAPassword() {
        var role =
                (Statement.CreateRole)
                        parser.parseSingle(
                                "CREATE USER bob WITH SUPERUSER PASSWORD 'secret' CONNECTION LIMIT"
                                        + " 3");
        assertThat(role.options().login()).contains(true);
        assertThat(role.options().password()).contains("secret");
        assertThat(role.options().connectionLimit()).contains(3);
        assertThat(role.options().toString()).doesNotContain("secret");
        assertThat(((Statement.CreateRole) parser.parseSingle("CREATE ROLE bob")).options().login())
                .contains(false);
        assertThat(((Statement.DropRole) parser.parseSingle("DROP ROLE IF EXISTS a, b")).names())
                .containsExactly("a", "b");
    }

    private void assertSet(String sql, boolean local, String name, List<String> values) {
        var set = (Statement.Set) parser.parseSingle(sql);
        assertThat(set.local()).isEqualTo(local);
        assertThat(set.name()).isEqualTo(name);
        assertThat(set.values()).isEqualTo(values);
    }
}
