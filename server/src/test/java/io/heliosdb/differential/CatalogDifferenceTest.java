package io.heliosdb.differential;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The same schema on PostgreSQL and here: clients' queries of the catalogs, and pgjdbc's meta data,
 * give the same rows. Numbers of users' objects differ, and are compared as being there.
 */
final class CatalogDifferenceTest {
    private static final String SCHEMA = "catalog_test";

    /** From here on a number may be that of a user's object. */
    private static final String USER_OID = "(?<!\\d)\\d{5,10}(?!\\d)";

    private interface Metadata {
        ResultSet rows(DatabaseMetaData data) throws SQLException;
    }

    @BeforeAll
    static void makeSchema() throws IOException, SQLException {
        for (Target target : Target.all().toList()) {
            try (Connection connection = connect(target);
                    var statement = connection.createStatement()) {
                for (String sql : statements("schema.sql")) {
                    statement.execute(sql);
                }
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> queriesGiveTheSameRows() throws IOException {
        return statements("queries.sql").stream()
                .map(sql -> DynamicTest.dynamicTest(title(sql), () -> compare(sql)));
    }

    @Test
    void tables() throws SQLException {
        compare(data -> data.getTables(null, SCHEMA, "%", null));
    }

    @Test
    void columns() throws SQLException {
        compare(data -> data.getColumns(null, SCHEMA, "%r%", "%"));
    }

    @Test
    void primaryKeys() throws SQLException {
        compare(data -> data.getPrimaryKeys(null, SCHEMA, "orders"));
    }

    @Test
    void importedKeys() throws SQLException {
        compare(data -> data.getImportedKeys(null, SCHEMA, "orders"));
    }

    @Test
    void exportedKeys() throws SQLException {
        compare(data -> data.getExportedKeys(null, SCHEMA, "customer"));
    }

    @Test
    void indexes() throws SQLException {
        compare(data -> data.getIndexInfo(null, SCHEMA, "orders", false, false));
    }

    @Test
    void bestRowIdentifier() throws SQLException {
        compare(data -> data.getBestRowIdentifier(null, SCHEMA, "orders", 2, false));
    }

    @Test
    void userTypes() throws SQLException {
        compare(data -> data.getUDTs(null, SCHEMA, "%", null));
    }

    @Test
    void typesOfTheServer() throws SQLException {
        compare(DatabaseMetaData::getTypeInfo, List.of("int4", "text", "numeric", "_int4", "uuid"));
    }

    @Test
    void schemas() throws SQLException {
        compare(
                DatabaseMetaData::getSchemas,
                List.of(SCHEMA, "public", "pg_catalog", "information_schema"));
    }

    @Test
    void catalogsAndTableTypes() throws SQLException {
        compare(DatabaseMetaData::getCatalogs, List.of("postgres"));
        compare(DatabaseMetaData::getTableTypes);
    }

    @Test
    void functions() throws SQLException {
        compare(data -> data.getFunctions(null, SCHEMA, "%"));
        compare(data -> data.getFunctionColumns(null, SCHEMA, "%", "%"));
    }

    @Test
    void procedures() throws SQLException {
        compare(data -> data.getProcedures(null, SCHEMA, "%"));
        compare(data -> data.getProcedureColumns(null, SCHEMA, "%", "%"));
    }

    @Test
    void keysOfSeveralColumns() throws SQLException {
        compare(data -> data.getPrimaryKeys(null, SCHEMA, "events"));
        compare(data -> data.getImportedKeys(null, SCHEMA, "child"));
        compare(data -> data.getCrossReference(null, SCHEMA, "events", null, SCHEMA, "child"));
        compare(data -> data.getIndexInfo(null, SCHEMA, "events", false, true));
    }

    @Test
    void columnsOfEveryTypeAndVersionColumns() throws SQLException {
        compare(data -> data.getColumns(null, SCHEMA, "events", "%"));
        compare(data -> data.getVersionColumns(null, SCHEMA, "orders"));
    }

    private static void compare(Metadata query) throws SQLException {
        compare(query, List.of());
    }

    /** Compares rows; where names are given, those that begin with one of them. */
    private static void compare(Metadata query, List<String> names) throws SQLException {
        var answers = new ArrayList<List<String>>();
        for (Target target : Target.all().toList()) {
            try (Connection connection = connect(target);
                    ResultSet rows = query.rows(connection.getMetaData())) {
                answers.add(
                        rows(rows).stream()
                                .filter(row ->
                                        names.isEmpty() || names.contains(row.split("\\|", 2)[0]))
                                .toList());
            }
        }
        assertThat(answers.getFirst()).as("PostgreSQL has rows").isNotEmpty();
        assertThat(answers.getLast()).isEqualTo(answers.getFirst());
    }

    private static void compare(String sql) throws SQLException {
        var answers = new ArrayList<List<String>>();
        for (Target target : Target.all().toList()) {
            try (Connection connection = connect(target);
                    var statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                answers.add(rows(rows));
            }
        }
        assertThat(answers.getLast()).as(sql).isEqualTo(answers.getFirst());
    }

    private static List<String> rows(ResultSet rows) throws SQLException {
        var list = new ArrayList<String>();
        int columns = rows.getMetaData().getColumnCount();
        while (rows.next()) {
            var row = new ArrayList<String>();
            for (int i = 1; i <= columns; i++) {
                String value = rows.getString(i);
                row.add(value == null ? "null" : value.replaceAll(USER_OID, "N"));
            }
            list.add(String.join("|", row));
        }
        return list;
    }

    private static Connection connect(Target target) throws SQLException {
        var connection = DriverManager.getConnection(target.jdbcUrl(), target.user(), "");
        try (var statement = connection.createStatement()) {
            statement.execute("SET search_path = " + SCHEMA + ", public");
        }
        return connection;
    }

    /** The statements of a resource, which end with a semicolon at a line's end. */
    private static List<String> statements(String resource) throws IOException {
        try (InputStream in =
                CatalogDifferenceTest.class.getResourceAsStream("/catalog/" + resource)) {
            assertThat(in).as(resource).isNotNull();
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(text.split(";\n", -1))
                    .map(String::strip)
                    .filter(each -> !each.isEmpty())
                    .toList();
        }
    }

    private static String title(String sql) {
        String line = sql.startsWith("--") ? sql.substring(2, sql.indexOf('\n')) : sql;
        return line.strip().replaceAll("\\s+", " ");
    }
}
