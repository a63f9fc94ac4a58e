package io.heliosdb.sql;

import io.heliosdb.engine.StoreFunctions;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The engine's database by itself, as the engine opens it: what is rewritten is run on it. */
final class H2Database implements AutoCloseable, SchemaLookup {
    private final Connection connection;
    private final SqlParser parser = new SqlParser();
    private final Rewriter rewriter = new Rewriter();

    H2Database() throws SQLException {
        connection =
                DriverManager.getConnection(
                        "jdbc:h2:mem:;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH"
                            + ";BUILTIN_ALIAS_OVERRIDE=TRUE");
        StoreFunctions.register(connection);
    }

    /** Runs statements; the rows of the last one, each as its values with a bar between them. */
    List<String> run(String sql, Object... parameters) throws SQLException {
        List<String> rows = List.of();
        for (Statement statement : parser.parse(sql)) {
            rows = run(rewrite(statement, new int[0]), parameters);
        }
        return rows;
    }

    List<String> run(Rewritten rewritten, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(rewritten.sql())) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            if (!statement.execute()) {
                return List.of(rewritten.tag(statement.getUpdateCount()));
            }
            return rows(statement.getResultSet());
        }
    }

    /** The names of the columns of a query. */
    List<String> columns(String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(rewrite(sql).sql())) {
            var names = new ArrayList<String>();
            var metadata = statement.getMetaData();
            for (int i = 1; i <= metadata.getColumnCount(); i++) {
                names.add(metadata.getColumnLabel(i));
            }
            return names;
        }
    }

    Rewritten rewrite(String sql, int... oids) {
        return rewrite(parser.parseSingle(sql), oids);
    }

    private Rewritten rewrite(Statement statement, int[] oids) {
        return rewriter.rewrite((Statement.Engine) statement, this, oids);
    }

    private static List<String> rows(ResultSet result) throws SQLException {
        var rows = new ArrayList<String>();
        int width = result.getMetaData().getColumnCount();
        while (result.next()) {
            var row = new StringBuilder();
            for (int i = 1; i <= width; i++) {
                row.append(i == 1 ? "" : "|").append(result.getString(i));
            }
            rows.add(row.toString());
        }
        return rows;
    }

    @Override
    public Optional<TableMetadata> table(TableName name) {
        try {
            List<TableMetadata.Column> columns = columns(name);
            return columns.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new TableMetadata(name.name(), columns, keys(name)));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<TableMetadata.Column> columns(TableName name) throws SQLException {
        var columns = new ArrayList<TableMetadata.Column>();
        String sql =
                "SELECT column_name, DATA_TYPE_SQL(table_schema, table_name, 'TABLE',"
                    + " dtd_identifier), column_default, is_identity FROM"
                    + " information_schema.columns WHERE table_name = ? ORDER BY ordinal_position";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name.name());
            ResultSet result = statement.executeQuery();
            while (result.next()) {
                columns.add(
                        new TableMetadata.Column(
                                result.getString(1),
                                StoreFunctions.oid(connection, result.getString(2)),
                                result.getString(2),
                                Optional.ofNullable(result.getString(3)),
                                result.getString(4).equals("YES")));
            }
        }
        return columns;
    }

    private List<TableMetadata.Key> keys(TableName name) throws SQLException {
        Map<String, List<String>> columns = new LinkedHashMap<>();
        String primary = "";
        String sql =
                "SELECT c.constraint_name, c.constraint_type, k.column_name FROM"
                    + " information_schema.table_constraints c JOIN"
                    + " information_schema.key_column_usage k ON k.constraint_name ="
                    + " c.constraint_name WHERE c.table_name = ? AND c.constraint_type IN ('PRIMARY"
                    + " KEY', 'UNIQUE') ORDER BY c.constraint_type, c.constraint_name,"
                    + " k.ordinal_position";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name.name());
            ResultSet result = statement.executeQuery();
            while (result.next()) {
                columns.computeIfAbsent(result.getString(1), ignored -> new ArrayList<>())
                        .add(result.getString(3));
                if (result.getString(2).equals("PRIMARY KEY")) {
                    primary = result.getString(1);
                }
            }
        }
        var keys = new ArrayList<TableMetadata.Key>();
        for (var entry : columns.entrySet()) {
            keys.add(
                    new TableMetadata.Key(
                            entry.getKey(), entry.getKey().equals(primary), entry.getValue()));
        }
        return keys;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
