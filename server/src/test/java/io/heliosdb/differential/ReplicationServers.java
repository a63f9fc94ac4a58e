package io.heliosdb.differential;

import io.heliosdb.HeliosConfig;
import io.heliosdb.HeliosDb;
import io.heliosdb.config.Settings;
import io.heliosdb.pg.pgoutput.Change;
import io.heliosdb.pg.pgoutput.ChangeReader;
import io.heliosdb.pg.pgoutput.Datum;

import org.junit.jupiter.api.DynamicTest;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.PGReplicationStream;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A PostgreSQL and HeliosDB-Lite, and replication streams from both. */
final class ReplicationServers implements AutoCloseable {
    private final HeliosDb helios;
    private final int heliosPort;

    record Server(String name, int port) {}

    interface Check {
        void on(Server server) throws Exception;
    }

    ReplicationServers(Path directory) {
        var config = HeliosConfig.at(directory).with(Settings.PORT, 0);
        helios = HeliosDb.open(config);
        heliosPort = helios.serve().port();
    }

    @Override
    public void close() {
        helios.close();
    }

    Stream<DynamicTest> onBoth(Check check) {
        var postgres = PostgresTarget.running();
        return Stream.of(new Server("PostgreSQL", postgres.port()), new Server("here", heliosPort))
                .map(server -> DynamicTest.dynamicTest(server.name, () -> run(check, server)));
    }

    /** Other tests compare what is in the catalogs: nothing is left behind. */
    private static void run(Check check, Server server) throws Exception {
        try {
            check.on(server);
        } finally {
            try (var sql = sql(server)) {
                for (String name :
                        List.of("r1", "r2", "r2c", "r3", "r4", "r5", "r7", "r8", "r8b", "r9")) {
                    run(
                            sql,
                            "drop publication if exists " + name + "_pub",
                            "drop table if exists " + name + " cascade");
                }
                run(sql, "drop table if exists r1_other");
            }
        }
    }

    static Connection sql(Server server) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port + "/postgres", "postgres", "postgres");
    }

    static Connection replication(Server server) throws SQLException {
        var properties = new Properties();
        PGProperty.USER.set(properties, "postgres");
        PGProperty.PASSWORD.set(properties, "postgres");
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "15");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port + "/postgres", properties);
    }

    static void run(Connection connection, String... statements) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    static void slot(Connection connection, String name, String plugin) throws SQLException {
        connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .createReplicationSlot()
                .logical()
                .withSlotName(name)
                .withOutputPlugin(plugin)
                .withTemporaryOption()
                .make();
    }

    static PGReplicationStream stream(Connection connection, String slot, String publications)
            throws SQLException {
        return connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(slot)
                .withSlotOption("proto_version", 1)
                .withSlotOption("publication_names", publications)
                .withSlotOption("messages", true)
                .start();
    }

    /** The changes of so many transactions, without what differs from server to server. */
    static List<String> read(PGReplicationStream stream, int transactions) throws SQLException {
        var reader = new ChangeReader();
        var told = new ArrayList<String>();
        int left = transactions;
        while (left > 0) {
            var change = reader.read(stream.read());
            // PostgreSQL announces a table again that has not changed, after TRUNCATE.
            if (!(change instanceof Change.Relation) || !told.contains(text(change))) {
                told.add(text(change));
            }
            if (change instanceof Change.Commit) {
                left--;
                stream.setFlushedLSN(stream.getLastReceiveLSN());
                stream.setAppliedLSN(stream.getLastReceiveLSN());
            }
        }
        stream.forceUpdateStatus();
        return told;
    }

    private static String text(Change change) {
        return switch (change) {
            case Change.Begin _ -> "begin";
            case Change.Commit _ -> "commit";
            case Change.Relation relation ->
                    "relation %s.%s %s %s"
                            .formatted(
                                    relation.schema(),
                                    relation.name(),
                                    relation.replicaIdentity(),
                                    relation.columns().stream()
                                            .map(column ->
                                                    (column.isKey() ? "*" : "")
                                                            + column.name()
                                                            + ':'
                                                            + column.typeOid()
                                                            + ':'
                                                            + column.typeModifier())
                                            .collect(Collectors.joining(" ")));
            case Change.Insert(var relation, var row) -> "insert " + relation.name() + row(row);
            case Change.Update(var relation, var old, var row) ->
                    "update "
                            + relation.name()
                            + (old == null
                                    ? ""
                                    : (old.isKeyOnly() ? " key" : " old") + row(old.row()))
                            + row(row);
            case Change.Delete(var relation, var old) ->
                    "delete "
                            + relation.name()
                            + (old.isKeyOnly() ? " key" : " old")
                            + row(old.row());
            case Change.Truncate truncate ->
                    "truncate "
                            + truncate.relations().getFirst().name()
                            + truncate.restartIdentity();
            case Change.Message message ->
                    "message "
                            + message.transactional()
                            + ' '
                            + message.prefix()
                            + ' '
                            + new String(message.content(), StandardCharsets.UTF_8);
            case Change.Origin _, Change.TypeName _ -> change.toString();
        };
    }

    private static String row(List<Datum> row) {
        return row.stream()
                .map(datum ->
                        switch (datum) {
                            case Datum.Null _ -> "null";
                            case Datum.Text(var text) -> text;
                            case Datum.Unchanged _ -> "unchanged";
                            case Datum.Binary _ -> "binary";
                        })
                .collect(Collectors.joining(", ", " (", ")"));
    }
}
