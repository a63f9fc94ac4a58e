package io.heliosdb.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.Connection;
import io.heliosdb.HeliosDb;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.PgException;
import io.heliosdb.pubsub.Subscription;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;

/**
 * Triggers with a body of SQL statements, as SQLite has them.
 *
 * @see <a href="https://www.sqlite.org/lang_createtrigger.html">SQLite: CREATE TRIGGER</a>
 */
final class SqlTriggerTest {
    private final HeliosDb db = HeliosDb.inMemory();
    private final Connection connection = db.connect();
    private final Subscription events = db.subscribe("events");

    @BeforeEach
    void createTables() {
        connection.execute(
                "CREATE TABLE orders (id INT PRIMARY KEY, customer VARCHAR(40), amount NUMERIC(10,"
                        + " 2), paid BOOLEAN DEFAULT FALSE)");
        connection.execute("CREATE TABLE log (entry TEXT)");
    }

    @AfterEach
    void close() {
        db.close();
    }

    @Test
    void anInsertNotifiesWithItsRow() {
        connection.execute(
                """
                CREATE TRIGGER tell AFTER INSERT ON orders
                BEGIN
                    SELECT NOTIFY('events', json_object('id', NEW.id, 'customer', NEW.customer,
                        'amount', NEW.amount, 'paid', NEW.paid));
                END
                """);
        connection.execute("INSERT INTO orders VALUES (1, 'ada', 12.50, TRUE)");
        assertThat(payloads())
                .containsExactly("{\"id\":1,\"customer\":\"ada\",\"amount\":12.50,\"paid\":true}");
    }

    @Test
    void aJsonColumnStaysJson() {
        connection.execute("CREATE TABLE docs (id INT, body JSONB)");
        connection.execute(
                "CREATE TRIGGER tell AFTER INSERT ON docs BEGIN SELECT pg_notify('events',"
                        + " json_object('body', NEW.body)::text); END");
        connection.execute("INSERT INTO docs VALUES (1, '{\"a\": [1, 2]}')");
        assertThat(payloads()).containsExactly("{\"body\":{\"a\": [1, 2]}}");
    }

    @Test
    void everyRowOfAStatementFiresOnce() {
        trigger("AFTER INSERT", "SELECT pg_notify('events', 'order ' || NEW.id)");
        connection.execute("INSERT INTO orders (id) VALUES (1), (2), (3)");
        assertThat(payloads()).containsExactly("order 1", "order 2", "order 3");
    }

    @Test
    void anUpdateSeesBothRowsAndADeleteTheOldOne() {
        trigger("AFTER UPDATE", "INSERT INTO log VALUES (OLD.amount || ' -> ' || NEW.amount)");
        connection.execute(
                "CREATE TRIGGER gone AFTER DELETE ON orders BEGIN INSERT INTO log VALUES ('gone '"
                        + " || OLD.id); END");
        connection.execute("INSERT INTO orders (id, amount) VALUES (1, 5)");
        connection.execute("UPDATE orders SET amount = 7 WHERE id = 1");
        connection.execute("DELETE FROM orders");
        assertThat(log()).containsExactly("5.00 -> 7.00", "gone 1");
    }

    @Test
    void aBodyRunsAllItsStatementsInOrder() {
        trigger(
                "AFTER INSERT",
                "INSERT INTO log VALUES ('first'); UPDATE log SET entry = entry || ' and second';"
                        + " NOTIFY events, 'third'; SELECT NOTIFY('events', 'fourth')");
        connection.execute("INSERT INTO orders (id) VALUES (1)");
        assertThat(log()).containsExactly("first and second");
        assertThat(payloads()).containsExactly("third", "fourth");
    }

    @Test
    void aConditionFilters() {
        trigger(
                "AFTER UPDATE",
                "WHEN (NEW.amount > 100 AND OLD.amount <= 100)",
                "SELECT NOTIFY('events', CAST(NEW.id AS TEXT))");
        connection.execute("INSERT INTO orders (id, amount) VALUES (1, 50), (2, 50), (3, NULL)");
        connection.execute("UPDATE orders SET amount = 200 WHERE id IN (1, 3)");
        connection.execute("UPDATE orders SET amount = 300 WHERE id = 1");
        assertThat(payloads()).containsExactly("1");
    }

    @Test
    void updateOfFiresForItsColumnsOnly() {
        trigger("AFTER UPDATE OF amount, paid", "SELECT NOTIFY('events', NEW.customer)");
        connection.execute("INSERT INTO orders VALUES (1, 'ada', 5, FALSE)");
        connection.execute("UPDATE orders SET customer = 'bob'");
        connection.execute("UPDATE orders SET amount = 6");
        assertThat(payloads()).containsExactly("bob");
    }

    @Test
    void beforeRunsBeforeTheRowIsThere() {
        trigger("BEFORE INSERT", "INSERT INTO log SELECT 'rows ' || count(*) FROM orders");
        connection.execute("INSERT INTO orders (id) VALUES (1)");
        connection.execute("INSERT INTO orders (id) VALUES (2)");
        assertThat(log()).containsExactly("rows 0", "rows 1");
    }

    /** PostgreSQL fires the triggers of one kind in the order of their names. */
    @Test
    void triggersFireInTheOrderOfTheirNames() {
        for (String name : List.of("b", "c", "a")) {
            connection.execute(
                    "CREATE TRIGGER %s AFTER INSERT ON orders BEGIN INSERT INTO log VALUES ('%s'); END"
                            .formatted(name, name));
        }
        connection.execute("INSERT INTO orders (id) VALUES (1)");
        assertThat(log()).containsExactly("a", "b", "c");
    }

    @Test
    void anErrorInABodyFailsTheStatementAndSendsNothing() {
        trigger(
                "AFTER INSERT",
                "SELECT NOTIFY('events', 'never'); INSERT INTO log VALUES (1 / NEW.amount)");
        assertThatThrownBy(() -> connection.execute("INSERT INTO orders VALUES (1, 'a', 0, TRUE)"))
                .isInstanceOfSatisfying(
                        PgException.class,
                        e -> {
                            assertThat(e.sqlState().code()).isEqualTo("22012");
                            assertThat(e.report().where())
                                    .isEqualTo("trigger \"tell\" on table \"orders\"");
                        });
        assertThat(connection.queryRow("SELECT count(*) FROM orders").orElseThrow().asInt(0))
                .isZero();
        assertThat(payloads()).isEmpty();
    }

    @Test
    void aFailedStatementInABlockSendsNothingOfItself() {
        trigger("AFTER INSERT", "SELECT NOTIFY('events', 'order ' || NEW.id)");
        connection.execute("BEGIN");
        connection.execute("INSERT INTO orders (id) VALUES (1)");
        connection.execute("SAVEPOINT s");
        assertThatThrownBy(() -> connection.execute("INSERT INTO orders (id) VALUES (2), (1)"))
                .isInstanceOf(PgException.class);
        connection.execute("ROLLBACK TO s");
        connection.execute("COMMIT");
        assertThat(payloads()).containsExactly("order 1");
    }

    @Test
    void triggersFireTriggers() {
        trigger("AFTER INSERT", "INSERT INTO log VALUES ('order ' || NEW.id)");
        connection.execute(
                "CREATE TRIGGER logged AFTER INSERT ON log BEGIN SELECT NOTIFY('events',"
                        + " NEW.entry); END");
        connection.execute("INSERT INTO orders (id) VALUES (1)");
        assertThat(payloads()).containsExactly("order 1");
    }

    @Test
    void aTriggerMayFireItselfUpToABound() {
        trigger(
                "AFTER INSERT",
                "WHEN (NEW.id < 20)",
                "INSERT INTO orders (id) VALUES (NEW.id + 1)");
        connection.execute("INSERT INTO orders (id) VALUES (1)");
        assertThat(connection.queryRow("SELECT max(id) FROM orders").orElseThrow().asInt(0))
                .isEqualTo(20);
        connection.execute("DROP TRIGGER tell");
        trigger("AFTER INSERT", "INSERT INTO orders (id) VALUES (NEW.id + 1)");
        assertThatThrownBy(() -> connection.execute("INSERT INTO orders (id) VALUES (100)"))
                .isInstanceOfSatisfying(
                        PgException.class,
                        e -> {
                            assertThat(e.sqlState().code()).isEqualTo("54001");
                            assertThat(e).hasMessage("stack depth limit exceeded");
                        });
        assertThat(connection.queryRow("SELECT max(id) FROM orders").orElseThrow().asInt(0))
                .isEqualTo(20);
    }

    @Test
    void createdInATransactionItFiresThereAndNowhereElseBeforeTheCommit() {
        try (var other = db.connect()) {
            connection.execute("BEGIN");
            trigger("AFTER INSERT", "SELECT NOTIFY('events', 'order ' || NEW.id)");
            other.execute("INSERT INTO orders (id) VALUES (1)");
            connection.execute("INSERT INTO orders (id) VALUES (2)");
            connection.execute("COMMIT");
            other.execute("INSERT INTO orders (id) VALUES (3)");
        }
        assertThat(payloads()).containsExactly("order 2", "order 3");
    }

    @Test
    void aRollbackTakesATriggerBack() {
        connection.execute("BEGIN");
        trigger("AFTER INSERT", "SELECT NOTIFY('events', 'never')");
        connection.execute("ROLLBACK");
        connection.execute("INSERT INTO orders (id) VALUES (1)");
        assertThat(payloads()).isEmpty();
        trigger("AFTER INSERT", "SELECT NOTIFY('events', 'now')");
        connection.execute("INSERT INTO orders (id) VALUES (2)");
        assertThat(payloads()).containsExactly("now");
    }

    @Test
    void aRollbackToASavepointBringsADroppedTriggerBack() {
        trigger("AFTER INSERT", "SELECT NOTIFY('events', 'order ' || NEW.id)");
        connection.execute("BEGIN");
        connection.execute("SAVEPOINT s");
        connection.execute("DROP TRIGGER tell ON orders");
        connection.execute("INSERT INTO orders (id) VALUES (1)");
        connection.execute("ROLLBACK TO s");
        connection.execute("INSERT INTO orders (id) VALUES (2)");
        connection.execute("COMMIT");
        connection.execute("INSERT INTO orders (id) VALUES (3)");
        assertThat(payloads()).containsExactly("order 2", "order 3");
    }

    @Test
    void aDroppedTriggerFiresNoMore() {
        trigger("AFTER INSERT", "SELECT NOTIFY('events', 'never')");
        connection.execute("DROP TRIGGER tell");
        connection.execute("INSERT INTO orders (id) VALUES (1)");
        assertThat(payloads()).isEmpty();
    }

    @Test
    void droppingATableDropsItsTriggers() {
        trigger("AFTER INSERT", "SELECT NOTIFY('events', 'never')");
        connection.execute("DROP TABLE orders");
        connection.execute("CREATE TABLE orders (id INT)");
        connection.execute("INSERT INTO orders (id) VALUES (1)");
        assertThat(payloads()).isEmpty();
    }

    @Test
    void aRenamedTableKeepsItsTriggers() {
        trigger("AFTER INSERT", "SELECT NOTIFY('events', 'order ' || NEW.id)");
        connection.execute("ALTER TABLE orders RENAME TO purchases");
        connection.execute("INSERT INTO purchases (id) VALUES (1)");
        connection.execute("DROP TRIGGER tell ON purchases");
        connection.execute("INSERT INTO purchases (id) VALUES (2)");
        assertThat(payloads()).containsExactly("order 1");
    }

    @Test
    void aNewColumnDoesNotMoveTheOthers() {
        trigger("AFTER INSERT", "SELECT NOTIFY('events', NEW.customer)");
        connection.execute("INSERT INTO orders (id, customer) VALUES (1, 'ada')");
        connection.execute("ALTER TABLE orders ADD COLUMN note TEXT");
        connection.execute("INSERT INTO orders (id, customer, note) VALUES (2, 'bob', 'x')");
        connection.execute("ALTER TABLE orders DROP COLUMN amount");
        connection.execute("INSERT INTO orders (id, customer) VALUES (3, 'eve')");
        assertThat(payloads()).containsExactly("ada", "bob", "eve");
    }

    @Test
    void oneOfThatNameIsEnough() {
        trigger("AFTER INSERT", "SELECT NOTIFY('events', 'x')");
        assertThatThrownBy(() -> trigger("AFTER INSERT", "SELECT 1"))
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.sqlState().code()).isEqualTo("42710"))
                .hasMessage("trigger \"tell\" for relation \"orders\" already exists");
        connection.execute(
                "CREATE TRIGGER IF NOT EXISTS tell AFTER INSERT ON orders BEGIN SELECT 1; END");
        connection.execute("INSERT INTO orders (id) VALUES (1)");
        assertThat(payloads()).containsExactly("x");
    }

    @Test
    void whatDoesNotExistIsSaid() {
        assertRefused(
                "DROP TRIGGER nope ON orders",
                "42704",
                "trigger \"nope\" for table \"orders\" does not exist");
        assertRefused("DROP TRIGGER nope", "42704", "trigger \"nope\" does not exist");
        assertRefused(
                "CREATE TRIGGER t AFTER INSERT ON nowhere BEGIN SELECT 1; END",
                "42P01",
                "relation \"nowhere\" does not exist");
        connection.execute("DROP TRIGGER IF EXISTS nope");
        connection.execute("DROP TRIGGER IF EXISTS nope ON orders");
    }

    @Test
    void anUnknownColumnIsPointedAt() {
        var sql =
                "CREATE TRIGGER t AFTER INSERT ON orders BEGIN SELECT NOTIFY('events', NEW.nope);"
                        + " END";
        var error = assertRefused(sql, "42703", null);
        assertThat(error.report().position())
                .isBetween(sql.indexOf("NEW.nope") + 1, sql.indexOf("nope") + 1);
        var updateOf = "CREATE TRIGGER t AFTER UPDATE OF nope ON orders BEGIN SELECT 1; END";
        assertThat(assertRefused(updateOf, "42703", null).report().position())
                .isEqualTo(updateOf.indexOf("nope") + 1);
    }

    @Test
    void aBodyThatDoesNotParseIsPointedAt() {
        var sql = "CREATE TRIGGER t AFTER INSERT ON orders BEGIN SELECT 1; SELECT FROM WHERE; END";
        var error = assertRefused(sql, "42601", null);
        assertThat(error.report().position()).isEqualTo(sql.indexOf("WHERE") + 1);
        assertRefused(
                "CREATE TRIGGER t AFTER INSERT ON orders BEGIN INSERT INTO nowhere VALUES (1); END",
                "42P01",
                null);
    }

    @Test
    void aRowWithoutAnOldOneHasNoOldOne() {
        assertThatThrownBy(() -> trigger("AFTER INSERT", "SELECT NOTIFY('events', OLD.customer)"))
                .isInstanceOf(PgException.class);
        assertThatThrownBy(() -> trigger("AFTER DELETE", "SELECT NOTIFY('events', NEW.customer)"))
                .isInstanceOf(PgException.class);
    }

    /** SEMANTICS 63: row triggers with a constant payload collapse to one notification. */
    @Test
    void equalNotificationsOfATransactionAreOne() {
        trigger("AFTER INSERT", "SELECT NOTIFY('events', 'changed')");
        connection.execute("INSERT INTO orders (id) VALUES (1), (2), (3)");
        assertThat(payloads()).containsExactly("changed");
    }

    @Test
    void nullsAndQuotesArriveAsTheyAre() {
        trigger("AFTER INSERT", "INSERT INTO log VALUES (NEW.customer)");
        connection.execute(
                "INSERT INTO orders (id, customer) VALUES (1, NULL), (2, 'O''Neil; --')");
        assertThat(log()).containsExactly(null, "O'Neil; --");
    }

    @Test
    void anUpsertFiresWhatItDid() {
        trigger("AFTER INSERT", "INSERT INTO log VALUES ('insert')");
        connection.execute(
                "CREATE TRIGGER u AFTER UPDATE ON orders BEGIN INSERT INTO log VALUES ('update');"
                        + " END");
        for (int i = 0; i < 2; i++) {
            connection.execute(
                    "INSERT INTO orders (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET amount = 1");
        }
        assertThat(log()).containsExactly("insert", "update");
    }

    private void trigger(String moment, String body) {
        trigger(moment, "", body);
    }

    private void trigger(String moment, String condition, String body) {
        connection.execute(
                "CREATE TRIGGER tell %s ON orders FOR EACH ROW %s BEGIN %s; END"
                        .formatted(moment, condition, body));
    }

    private PgException assertRefused(String sql, String sqlState, String message) {
        PgException[] refused = new PgException[1];
        assertThatThrownBy(() -> connection.execute(sql))
                .isInstanceOfSatisfying(PgException.class, e -> refused[0] = e);
        assertThat(refused[0].sqlState().code()).isEqualTo(sqlState);
        if (message != null) {
            assertThat(refused[0]).hasMessage(message);
        }
        return refused[0];
    }

    private List<String> log() {
        return connection.query("SELECT entry FROM log").stream()
                .map(row -> row.asString(0))
                .toList();
    }

    private List<String> payloads() {
        return events.poll().stream().map(each -> ((Notification) each).payload()).toList();
    }
}
