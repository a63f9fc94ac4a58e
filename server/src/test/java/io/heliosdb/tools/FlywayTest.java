package io.heliosdb.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.tools.ToolDatabase.Way;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Flyway's usual work: versions, repeatable migrations, a baseline, and two who come at once. */
@Timeout(120)
final class FlywayTest {
    /** A thread for each: the common pool has but one on a small machine. */
    private static final Executor THREADS = Thread.ofPlatform().daemon()::start;

    private static final String ORDERS =
            """
            CREATE TABLE orders (
                id bigserial PRIMARY KEY,
                customer text NOT NULL,
                amount numeric(10, 2) NOT NULL CHECK (amount > 0),
                created timestamptz NOT NULL DEFAULT now()
            );
            -- a comment; with a semicolon
            CREATE INDEX orders_customer ON orders (customer);
            COMMENT ON TABLE orders IS 'what was ordered';
            INSERT INTO orders (customer, amount) VALUES ('${first}', 1.50), ('Bo;b', 2.50);
            """;

    private static final String FUNCTION =
            """
            CREATE FUNCTION order_total(name text) RETURNS numeric LANGUAGE plpgsql AS $$
            BEGIN
                RETURN (SELECT sum(amount) FROM orders WHERE customer = name);
            END;
            $$;
            ALTER TABLE orders ADD COLUMN state text NOT NULL DEFAULT 'new';
            """;

    private static final String VIEW =
            "CREATE OR REPLACE VIEW order_customers AS SELECT DISTINCT customer FROM orders;";

    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource
    void migrationsAreAppliedOnceAndRepeatableOnesWhenTheyChange(Way way)
            throws SQLException, IOException {
        write("V1__orders.sql", ORDERS);
        write("V2__function.sql", FUNCTION);
        write("R__view.sql", VIEW);
        try (var database = way.open()) {
            var flyway = flyway(database).load();
            assertThat(flyway.migrate().migrationsExecuted).isEqualTo(3);
            assertThat(flyway.migrate().migrationsExecuted).isZero();
            assertThat(text(database, "select order_total('Bo;b')::text")).isEqualTo("2.50");
            write("R__view.sql", VIEW.replace("DISTINCT customer", "DISTINCT customer, state"));
            write("V2_1__more.sql", "UPDATE orders SET state = 'old' WHERE customer = 'Ann';");
            var again = flyway(database).load();
            assertThat(again.migrate().migrationsExecuted).isEqualTo(2);
            assertThat(text(database, "select state from order_customers where customer = 'Ann'"))
                    .isEqualTo("old");
            assertThat(again.info().current().getVersion().getVersion()).isEqualTo("2.1");
            assertThat(again.info().applied())
                    .extracting(MigrationInfo::getDescription)
                    .containsExactly("orders", "function", "view", "more", "view");
            again.validate();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aChangedOrFailedMigrationIsFound(Way way) throws SQLException, IOException {
        write("V1__orders.sql", ORDERS);
        try (var database = way.open()) {
            flyway(database).load().migrate();
            write("V1__orders.sql", ORDERS + "-- changed");
            assertThatThrownBy(() -> flyway(database).load().validate())
                    .isInstanceOf(FlywayException.class)
                    .hasMessageContaining("checksum mismatch");
            flyway(database).load().repair();
            write("V2__broken.sql", "INSERT INTO orders (customer, amount) VALUES ('x', -1);");
            assertThatThrownBy(() -> flyway(database).load().migrate())
                    .isInstanceOf(FlywayException.class)
                    .hasMessageContaining("23514");
            assertThat(text(database, "select count(*)::text from orders")).isEqualTo("2");
            write("V2__broken.sql", "INSERT INTO orders (customer, amount) VALUES ('x', 1);");
            assertThat(flyway(database).load().migrate().migrationsExecuted).isOne();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDatabaseThatIsThereGetsABaseline(Way way) throws SQLException, IOException {
        write("V1__orders.sql", "CREATE TABLE never (i int);");
        write("V2__more.sql", "CREATE TABLE more (i int);");
        try (var database = way.open()) {
            execute(database, "create table was_there (i int)");
            assertThatThrownBy(() -> flyway(database).load().migrate())
                    .isInstanceOf(FlywayException.class)
                    .hasMessageContaining("non-empty schema");
            flyway(database).baselineVersion("1").load().baseline();
            assertThat(flyway(database).load().migrate().migrationsExecuted).isOne();
            assertThat(text(database, "select to_regclass('never')::text")).isNull();
            assertThat(text(database, "select to_regclass('more')::text")).isEqualTo("more");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSchemaIsMadeAndCleaned(Way way) throws SQLException, IOException {
        write("V1__orders.sql", ORDERS);
        write("V2__function.sql", FUNCTION);
        write("R__view.sql", VIEW);
        write("V3__kinds.sql", "CREATE TYPE kind AS ENUM ('a', 'b'); CREATE DOMAIN tiny AS int;");
        try (var database = way.open()) {
            var flyway = flyway(database).schemas("shop").cleanDisabled(false).load();
            assertThat(flyway.migrate().migrationsExecuted).isEqualTo(4);
            assertThat(text(database, "select count(*)::text from shop.orders")).isEqualTo("2");
            assertThat(flyway.clean().schemasDropped).containsExactly("shop");
            assertThat(text(database, "select to_regnamespace('shop')::text")).isNull();
            assertThat(flyway.migrate().migrationsExecuted).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void twoWhoMigrateAtOnceDoItOnce(Way way) throws SQLException, IOException {
        write("V1__orders.sql", ORDERS);
        write("V2__function.sql", FUNCTION);
        try (var database = way.open()) {
            var both =
                    List.of(
                            CompletableFuture.supplyAsync(
                                    () -> flyway(database).load().migrate(), THREADS),
                            CompletableFuture.supplyAsync(
                                    () -> flyway(database).load().migrate(), THREADS));
            assertThat(both.stream().mapToInt(each -> each.join().migrationsExecuted).sum())
                    .isEqualTo(2);
            assertThat(text(database, "select count(*)::text from orders")).isEqualTo("2");
        }
    }

    private FluentConfiguration flyway(ToolDatabase database) {
        return Flyway.configure()
                .dataSource(database.source())
                .locations("filesystem:" + folder)
                .placeholders(Map.of("first", "Ann"));
    }

    private void write(String name, String sql) throws IOException {
        Files.writeString(folder.resolve(name), sql);
    }

    private static void execute(ToolDatabase database, String sql) throws SQLException {
        try (var connection = database.source().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static @Nullable String text(ToolDatabase database, String sql) throws SQLException {
        try (var connection = database.source().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}
