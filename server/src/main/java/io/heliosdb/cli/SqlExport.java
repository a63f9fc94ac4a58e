package io.heliosdb.cli;

import org.postgresql.PGConnection;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes a database as SQL and data that {@code psql} loads into a PostgreSQL: functions,
 * sequences, tables, rows, constraints, indexes, views and triggers, each after what it needs. All
 * of it is of one moment. What PostgreSQL has no like of is left out with a comment.
 */
final class SqlExport {
    private static final String USER_SCHEMA =
            "n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'heliosdb')";

    private final Connection connection;
    private final PrintStream out;

    SqlExport(Connection connection, PrintStream out) {
        this.connection = connection;
        this.out = out;
    }

    /** A table's name and the names of the columns that have data of their own. */
    private record Table(String name, List<String> columns) {}

    void run() throws SQLException, IOException {
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        try {
            out.println("SET client_encoding = 'UTF8';");
            out.println("SET standard_conforming_strings = on;");
            out.println("SET check_function_bodies = false;");
            schemas();
            definitions(
                    "SELECT pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid"
                            + " = p.pronamespace WHERE "
                            + USER_SCHEMA
                            + " ORDER BY p.oid");
            sequences();
            var tables = tables();
            for (var table : tables) {
                copy(table);
            }
            positions();
            constraints("p", "u", "x", "c");
            constraints("f");
            indexes();
            views();
            triggers();
            out.flush();
            if (out.checkError()) {
                throw new IOException("the output cannot be written");
            }
        } finally {
            connection.rollback();
        }
    }

    private void schemas() throws SQLException {
        for (var row :
                rows(
                        "SELECT quote_ident(n.nspname) FROM pg_namespace n WHERE "
                                + USER_SCHEMA
                                + " AND n.nspname <> 'public' ORDER BY n.oid")) {
            out.println("CREATE SCHEMA " + row.getFirst() + ";");
        }
    }

    /** Sequences that are not part of a column; those are made with it. */
    private void sequences() throws SQLException {
        for (var row :
                rows(
                        "SELECT quote_ident(s.schemaname) || '.' || quote_ident(s.sequencename),"
                            + " s.data_type, s.start_value, s.min_value, s.max_value,"
                            + " s.increment_by, s.cycle FROM pg_sequences s JOIN pg_namespace n ON"
                            + " n.nspname = s.schemaname WHERE "
                                + USER_SCHEMA
                                + " ORDER BY 1")) {
            if (identities().contains(row.getFirst())) {
                continue;
            }
            out.printf(
                    "CREATE SEQUENCE %s AS %s START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE"
                            + " %s%s;%n",
                    row.get(0),
                    row.get(1),
                    row.get(2),
                    row.get(5),
                    row.get(3),
                    row.get(4),
                    row.get(6).startsWith("t") ? " CYCLE" : "");
        }
    }

    private List<String> identities() throws SQLException {
        var names = new ArrayList<String>();
        for (var row : columnsWithSequence("a.attidentity <> ''")) {
            names.add(row.get(2));
        }
        return names;
    }

    private List<List<String>> columnsWithSequence(String condition) throws SQLException {
        return rows(
                "SELECT * FROM (SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS"
                    + " t, quote_ident(a.attname) AS a,"
                    + " pg_get_serial_sequence(quote_ident(n.nspname) || '.' ||"
                    + " quote_ident(c.relname), a.attname) AS s FROM pg_class c JOIN pg_namespace n"
                    + " ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid WHERE"
                    + " c.relkind = 'r' AND a.attnum > 0 AND "
                        + condition
                        + " AND "
                        + USER_SCHEMA
                        + ") q WHERE s IS NOT NULL ORDER BY 1, 2");
    }

    private List<Table> tables() throws SQLException {
        var tables = new ArrayList<Table>();
        for (var row :
                rows(
                        "SELECT c.oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM"
                                + " pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE"
                                + " c.relkind = 'r' AND "
                                + USER_SCHEMA
                                + " ORDER BY c.oid")) {
            tables.add(table(row.get(0), row.get(1)));
        }
        return tables;
    }

    private Table table(String oid, String name) throws SQLException {
        var definitions = new ArrayList<String>();
        var data = new ArrayList<String>();
        for (var row :
                rows(
                        "SELECT quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),"
                            + " a.attnotnull, a.attidentity, a.attgenerated,"
                            + " COALESCE(pg_get_expr(d.adbin, d.adrelid), '') FROM pg_attribute a"
                            + " LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum ="
                            + " a.attnum WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid ="
                            + " "
                                + oid
                                + " ORDER BY a.attnum")) {
            var text = new StringBuilder("    " + row.get(0) + " " + row.get(1));
            boolean isGenerated = row.get(4).equals("s");
            if (isGenerated) {
                text.append(" GENERATED ALWAYS AS (").append(row.get(5)).append(") STORED");
            } else if (!row.get(3).isEmpty()) {
                text.append(" GENERATED ")
                        .append(row.get(3).equals("a") ? "ALWAYS" : "BY DEFAULT")
                        .append(" AS IDENTITY");
            } else if (!row.get(5).isEmpty()) {
                text.append(" DEFAULT ").append(row.get(5));
            }
            definitions.add(text + (row.get(2).startsWith("t") ? " NOT NULL" : ""));
            if (!isGenerated) {
                data.add(row.get(0));
            }
        }
        out.println("CREATE TABLE " + name + " (");
        out.println(String.join("," + System.lineSeparator(), definitions));
        out.println(");");
        return new Table(name, data);
    }

    private void copy(Table table) throws SQLException, IOException {
        if (table.columns.isEmpty()) {
            return;
        }
        String what = table.name + " (" + String.join(", ", table.columns) + ")";
        out.println("COPY " + what + " FROM stdin;");
        out.flush();
        connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY " + what + " TO STDOUT", out);
        out.println("\\.");
    }

    /** Where sequences go on, and to which columns they belong. */
    private void positions() throws SQLException {
        for (var row :
                rows(
                        "SELECT quote_literal(quote_ident(s.schemaname) || '.' ||"
                            + " quote_ident(s.sequencename)), s.last_value FROM pg_sequences s JOIN"
                            + " pg_namespace n ON n.nspname = s.schemaname WHERE s.last_value IS"
                            + " NOT NULL AND "
                                + USER_SCHEMA
                                + " ORDER BY 1")) {
            out.println("SELECT pg_catalog.setval(" + row.get(0) + ", " + row.get(1) + ", true);");
        }
        for (var row : columnsWithSequence("a.attidentity = ''")) {
            out.println(
                    "ALTER SEQUENCE "
                            + row.get(2)
                            + " OWNED BY "
                            + row.get(0)
                            + "."
                            + row.get(1)
                            + ";");
        }
    }

    private void constraints(String... kinds) throws SQLException {
        String wanted = "'" + String.join("', '", kinds) + "'";
        for (var row :
                rows(
                        "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname),"
                                + " quote_ident(k.conname), pg_get_constraintdef(k.oid) FROM"
                                + " pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN"
                                + " pg_namespace n ON n.oid = c.relnamespace WHERE k.contype IN ("
                                + wanted
                                + ") AND "
                                + USER_SCHEMA
                                + " ORDER BY k.oid")) {
            out.println(
                    "ALTER TABLE ONLY "
                            + row.get(0)
                            + " ADD CONSTRAINT "
                            + row.get(1)
                            + " "
                            + row.get(2)
                            + ";");
        }
    }

    private void indexes() throws SQLException {
        for (var row :
                rows(
                        "SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON"
                            + " c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
                            + " JOIN pg_class x ON x.oid = i.indexrelid WHERE c.relkind = 'r' AND"
                            + " NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid ="
                            + " i.indrelid AND k.conname = x.relname) AND "
                                + USER_SCHEMA
                                + " ORDER BY i.indexrelid")) {
            out.println(row.getFirst() + ";");
        }
    }

    private void views() throws SQLException {
        for (var row :
                rows(
                        "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname),"
                            + " pg_get_viewdef(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid"
                            + " = c.relnamespace WHERE c.relkind = 'v' AND "
                                + USER_SCHEMA
                                + " ORDER BY c.oid")) {
            out.println("CREATE VIEW " + row.get(0) + " AS " + statement(row.get(1)));
        }
    }

    private void triggers() throws SQLException {
        for (var row :
                rows(
                        "SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid"
                            + " = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT"
                            + " t.tgisinternal AND "
                                + USER_SCHEMA
                                + " ORDER BY t.oid")) {
            String text = statement(row.getFirst());
            String words = text.toLowerCase(Locale.ROOT);
            if (words.contains("execute function") || words.contains("execute procedure")) {
                out.println(text);
            } else {
                out.println("-- Left out, for PostgreSQL has no triggers with a body of SQL:");
                text.lines().forEach(line -> out.println("-- " + line));
            }
        }
    }

    private void definitions(String query) throws SQLException {
        for (var row : rows(query)) {
            out.println(statement(row.getFirst().strip()));
        }
    }

    private static String statement(String text) {
        return text.endsWith(";") ? text : text + ";";
    }

    private List<List<String>> rows(String query) throws SQLException {
        var rows = new ArrayList<List<String>>();
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(query)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                var row = new ArrayList<String>();
                for (int i = 1; i <= columns; i++) {
                    String value = result.getString(i);
                    row.add(value == null ? "" : value);
                }
                rows.add(row);
            }
        }
        return rows;
    }

    /** What an export is written with: psql and COPY read UTF-8. */
    static PrintStream utf8(OutputStream target) {
        return new PrintStream(target, false, StandardCharsets.UTF_8);
    }
}
