package io.heliosdb.cli;

import org.jline.utils.AttributedString;

import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Prints rows as psql does: names, a line, the rows in columns, and how many there were. */
final class ResultTable {
    private static final Set<Integer> NUMBERS =
            Set.of(
                    Types.SMALLINT,
                    Types.INTEGER,
                    Types.BIGINT,
                    Types.REAL,
                    Types.FLOAT,
                    Types.DOUBLE,
                    Types.NUMERIC,
                    Types.DECIMAL);

    private ResultTable() {}

    static void print(ResultSet rows, PrintWriter out) throws SQLException {
        var columns = rows.getMetaData();
        var names = new ArrayList<String>();
        var widths = new ArrayList<Integer>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            names.add(printable(columns.getColumnLabel(i)));
            widths.add(width(names.getLast()));
        }
        var table = new ArrayList<List<String>>();
        while (rows.next()) {
            var row = new ArrayList<String>();
            for (int i = 0; i < names.size(); i++) {
                var value = rows.getString(i + 1);
                row.add(value == null ? "" : printable(value));
                widths.set(i, Math.max(widths.get(i), width(row.get(i))));
            }
            table.add(row);
        }
        print(names, widths, table, columns, out);
    }

    private static void print(
            List<String> names,
            List<Integer> widths,
            List<List<String>> table,
            ResultSetMetaData columns,
            PrintWriter out)
            throws SQLException {
        if (!names.isEmpty()) {
            var centred = new ArrayList<String>();
            var lines = new ArrayList<String>();
            for (int i = 0; i < names.size(); i++) {
                int blanks = widths.get(i) - width(names.get(i));
                centred.add(
                        " ".repeat(blanks / 2) + names.get(i) + " ".repeat(blanks - blanks / 2));
                lines.add("-".repeat(widths.get(i) + 2));
            }
            out.println(" " + String.join(" | ", centred));
            out.println(String.join("+", lines));
            for (var row : table) {
                out.println(
                        " " + String.join(" | ", aligned(row, widths, columns)).stripTrailing());
            }
        }
        out.println(table.size() == 1 ? "(1 row)" : "(" + table.size() + " rows)");
    }

    private static List<String> aligned(
            List<String> row, List<Integer> widths, ResultSetMetaData columns) throws SQLException {
        var cells = new ArrayList<>(Collections.nCopies(row.size(), ""));
        for (int i = 0; i < row.size(); i++) {
            String blanks = " ".repeat(widths.get(i) - width(row.get(i)));
            cells.set(
                    i,
                    NUMBERS.contains(columns.getColumnType(i + 1))
                            ? blanks + row.get(i)
                            : row.get(i) + blanks);
        }
        return cells;
    }

    private static int width(String text) {
        return new AttributedString(text).columnLength();
    }

    /** Control characters written out, so that a value cannot move the cursor. */
    private static String printable(String value) {
        if (value.chars().noneMatch(Character::isISOControl)) {
            return value;
        }
        var text = new StringBuilder();
        value.chars()
                .forEach(c -> {
                    switch (c) {
                        case '\n' -> text.append("\\n");
                        case '\t' -> text.append("\\t");
                        case '\r' -> text.append("\\r");
                        default -> {
                            if (Character.isISOControl(c)) {
                                text.append("\\x%02X".formatted(c));
                            } else {
                                text.append((char) c);
                            }
                        }
                    }
                });
        return text.toString();
    }
}
