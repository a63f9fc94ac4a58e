package io.heliosdb.engine;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report.Subject;
import io.heliosdb.pg.SqlState;

import org.h2.api.ErrorCode;
import org.h2.message.DbException;
import org.h2.table.Table;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Violated constraints, from what the store says of them. */
final class ConstraintErrors {
    /** The check of a domain that stands for NOT NULL, as the store prints it. */
    private static final String DOMAIN_NOT_NULL = "VALUE IS NOT NULL";

    private static final SqlState NOT_NULL = new SqlState("23502");
    private static final SqlState FOREIGN_KEY = new SqlState("23503");
    private static final SqlState CHECK = new SqlState("23514");

    private static final String NAME = "((?:\"(?:[^\"]|\"\")*\"|[^\\s.(:\"]+))";
    private static final String QUALIFIED = "(?:" + NAME + "\\.)?" + NAME;
    private static final Pattern UNIQUE =
            Pattern.compile(
                    "^(?:"
                            + QUALIFIED
                            + " (PRIMARY KEY|INDEX) )?(?:"
                            + QUALIFIED
                            + " )?ON "
                            + QUALIFIED
                            + "\\((.*?)\\)(?: VALUES)? ?(\\(.*\\))?$",
                    Pattern.DOTALL);
    private static final Pattern REFERENCE =
            Pattern.compile(
                    "^"
                            + NAME
                            + ": "
                            + QUALIFIED
                            + " FOREIGN KEY\\((.*?)\\) REFERENCES "
                            + QUALIFIED
                            + "\\((.*?)\\) \\((.*)\\)$",
                    Pattern.DOTALL);
    private static final Pattern ROW_KEY = Pattern.compile("/\\* key:(-?\\d+) \\*/");
    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/ ?");
    private static final Pattern ORDER = Pattern.compile(" (?:ASC|DESC|NULLS FIRST|NULLS LAST)\\b");
    private static final Pattern CAST =
            Pattern.compile("^CAST\\((.*) AS [^)]*(?:\\([\\d, ]+\\))?\\)$");
    private static final Pattern TYPED = Pattern.compile("^[A-Z][A-Z ]* ('.*')$", Pattern.DOTALL);

    private ConstraintErrors() {}

    static PgException notNull(String column, @Nullable String table) {
        String name = column(column);
        var altered = ConstraintNames.altered(table);
        if (altered.isPresent()) {
            return new PgException(
                            NOT_NULL,
                            "column \"%s\" of relation \"%s\" contains null values"
                                    .formatted(name, altered.get()))
                    .withSubject(new Subject(null, altered.get(), name, null));
        }
        String relation = table == null ? "" : " of relation \"" + table + "\"";
        return new PgException(
                        NOT_NULL,
                        "null value in column \""
                                + name
                                + "\""
                                + relation
                                + " violates not-null constraint")
                .withSubject(new Subject(null, table, name, null));
    }

    static PgException check(String constraint, @Nullable String table) {
        if (constraint.contains(DOMAIN_NOT_NULL)) {
            return new PgException(new SqlState("23502"), "domain does not allow null values");
        }
        int colon = constraint.indexOf(':');
        String name = bare(colon < 0 ? constraint : constraint.substring(0, colon));
        if (table == null) {
            return new PgException(
                    CHECK,
                    "new row violates check constraint \""
                            + ConstraintNames.check("", name)
                            + "\"");
        }
        String checked = ConstraintNames.check(table, name);
        return new PgException(
                        CHECK,
                        "new row for relation \""
                                + table
                                + "\" violates check constraint \""
                                + checked
                                + "\"")
                .withSubject(new Subject(null, table, null, checked));
    }

    /** Part of the row is written already: the message, the row and where it was to go. */
    static PgException inRow(DbException e, Table table, String row) {
        String[] parameters = ErrorParameters.of(e);
        String named = parameters.length == 0 ? "" : parameters[0];
        boolean isNull = e.getErrorCode() == ErrorCode.NULL_NOT_ALLOWED;
        if (isNull && ConstraintNames.altered(table.getName()).isPresent()) {
            return notNull(named, table.getName());
        }
        PgException error =
                isNull ? notNull(named, table.getName()) : check(named, table.getName());
        String schema = table.getSchema().getName();
        String object = isNull ? column(named) : constraint(named, table.getName());
        return error.withSubject(
                        isNull
                                ? new Subject(schema, table.getName(), object, null)
                                : new Subject(schema, table.getName(), null, object))
                .withDetail("Failing row contains " + row + ".");
    }

    /** Two rows of one statement for one row of the table. */
    static PgException twice() {
        return new PgException(
                        new SqlState("21000"),
                        "ON CONFLICT DO UPDATE command cannot affect row a second time")
                .withHint(
                        "Ensure that no rows proposed for insertion within the same command have"
                                + " duplicate constrained values.");
    }

    private static String column(String column) {
        return bare(column.substring(column.lastIndexOf('.') + 1));
    }

    private static String constraint(String constraint, String table) {
        int colon = constraint.indexOf(':');
        String name = bare(colon < 0 ? constraint : constraint.substring(0, colon));
        return ConstraintNames.check(table, name);
    }

    static PgException unique(String index) {
        Matcher match = UNIQUE.matcher(index);
        if (index.contains("duplicate _ROWID_")) {
            return twice();
        }
        if (!match.matches()) {
            return new PgException(
                    SqlState.UNIQUE_VIOLATION, "duplicate key value violates unique constraint");
        }
        String constraint = match.group(2) == null ? match.group(5) : match.group(2);
        boolean isPrimary = "PRIMARY KEY".equals(match.group(3));
        String table = bare(match.group(7));
        List<String> columns = columns(match.group(8));
        List<String> values = uniqueValues(match.group(9), isPrimary);
        var altered = ConstraintNames.altered(table);
        if (altered.isPresent()) {
            return notUnique(
                    altered.get(), columns, values, bare(constraint == null ? "" : constraint));
        }
        String name =
                ConstraintNames.unique(
                        table, columns, bare(constraint == null ? "" : constraint), isPrimary);
        var error =
                new PgException(
                                SqlState.UNIQUE_VIOLATION,
                                "duplicate key value violates unique constraint \"" + name + "\"")
                        .withSubject(subject(match.group(6), table, name));
        return values.isEmpty()
                ? error
                : error.withDetail(key(columns, values) + " already exists.");
    }

    /** What a table cannot be altered to, because of the rows that it has. */
    private static PgException notUnique(
            String table, List<String> columns, List<String> values, String index) {
        String constraint = ConstraintNames.ofAltered(index);
        var error =
                new PgException(
                                SqlState.UNIQUE_VIOLATION,
                                "could not create unique index \"" + constraint + "\"")
                        .withSubject(new Subject("public", table, null, constraint));
        return values.isEmpty()
                ? error
                : error.withDetail(key(columns, values) + " is duplicated.");
    }

    static PgException notPresent(String reference) {
        Matcher match = REFERENCE.matcher(reference);
        if (!match.matches()) {
            return new PgException(FOREIGN_KEY, "insert or update violates foreign key constraint");
        }
        List<String> columns = columns(match.group(4));
        String table = bare(match.group(3));
        String constraint = ConstraintNames.foreign(table, columns, bare(match.group(1)));
        return new PgException(
                        FOREIGN_KEY,
                        "insert or update on table \""
                                + table
                                + "\" violates foreign key constraint \""
                                + constraint
                                + "\"")
                .withSubject(subject(match.group(2), table, constraint))
                .withDetail(
                        key(columns, literals(match.group(8)))
                                + " is not present in table \""
                                + bare(match.group(6))
                                + "\".");
    }

    static PgException stillReferenced(String reference) {
        Matcher match = REFERENCE.matcher(reference);
        if (!match.matches()) {
            return new PgException(FOREIGN_KEY, "update or delete violates foreign key constraint");
        }
        String table = bare(match.group(3));
        String constraint =
                ConstraintNames.foreign(table, columns(match.group(4)), bare(match.group(1)));
        return new PgException(
                        FOREIGN_KEY,
                        "update or delete on table \""
                                + bare(match.group(6))
                                + "\" violates foreign key constraint \""
                                + constraint
                                + "\" on table \""
                                + table
                                + "\"")
                .withSubject(subject(match.group(2), table, constraint))
                .withDetail(
                        key(columns(match.group(7)), literals(match.group(8)))
                                + " is still referenced from table \""
                                + table
                                + "\".");
    }

    private static Subject subject(@Nullable String schema, String table, String constraint) {
        // The store names every schema but the main one.
        return new Subject(schema == null ? "public" : bare(schema), table, null, constraint);
    }

    private static String key(List<String> columns, List<String> values) {
        return "Key (" + String.join(", ", columns) + ")=(" + String.join(", ", values) + ")";
    }

    /** For a key that is the row's own number the store shows the row, and the number beside it. */
    private static List<String> uniqueValues(@Nullable String text, boolean isPrimary) {
        if (text == null) {
            return List.of();
        }
        Matcher rowKey = ROW_KEY.matcher(text);
        if (isPrimary) {
            return rowKey.find() ? List.of(rowKey.group(1)) : List.of();
        }
        String values = COMMENT.matcher(text).replaceFirst("");
        return literals(values.substring(1, values.length() - 1));
    }

    private static List<String> columns(String list) {
        var columns = new ArrayList<String>();
        for (String column : split(ORDER.matcher(list).replaceAll(""))) {
            columns.add(bare(column));
        }
        return columns;
    }

    private static List<String> literals(String list) {
        var values = new ArrayList<String>();
        for (String literal : split(list)) {
            values.add(value(literal));
        }
        return values;
    }

    private static String value(String literal) {
        Matcher cast = CAST.matcher(literal);
        if (cast.matches()) {
            return value(cast.group(1));
        }
        Matcher typed = TYPED.matcher(literal);
        String text = typed.matches() ? typed.group(1) : literal;
        if (text.length() > 1 && text.startsWith("'") && text.endsWith("'")) {
            return text.substring(1, text.length() - 1).replace("''", "'");
        }
        return text.equals("TRUE") ? "t" : text.equals("FALSE") ? "f" : text;
    }

    /** Splits at commas outside of quotes and parentheses. */
    private static List<String> split(String list) {
        var parts = new ArrayList<String>();
        int depth = 0;
        int start = 0;
        char quote = 0;
        for (int i = 0; i < list.length(); i++) {
            char c = list.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (c == ',' && depth == 0) {
                parts.add(list.substring(start, i).strip());
                start = i + 1;
            }
        }
        parts.add(list.substring(start).strip());
        return parts;
    }

    private static String bare(String name) {
        String stripped = name.strip();
        if (stripped.length() > 1 && stripped.startsWith("\"") && stripped.endsWith("\"")) {
            return stripped.substring(1, stripped.length() - 1).replace("\"\"", "\"");
        }
        return stripped;
    }
}
