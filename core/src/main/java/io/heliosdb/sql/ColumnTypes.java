package io.heliosdb.sql;

import io.heliosdb.sql.Expression.Form;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the type of an expression before the tables of its statement have been read: those that it
 * names anywhere are looked through for a column of the name. Where that is not clear, the type is
 * known only when the call is made.
 */
final class ColumnTypes {
    /** The type of a constant in quotes, which may become any. */
    static final SqlType UNKNOWN = new SqlType("unknown", 705, -1, "CHARACTER VARYING");

    private final Tokens tokens;
    private final SchemaLookup schema;

    ColumnTypes(Tokens tokens, SchemaLookup schema) {
        this.tokens = tokens;
        this.schema = schema;
    }

    /** The type; null where it is not known. */
    @Nullable SqlType type(Expression expression) {
        if (expression.type() != null) {
            return expression.type();
        }
        return switch (expression.form()) {
            case STRING, NULL, PARAMETER -> UNKNOWN;
            case COLUMN -> column(expression);
            default -> null;
        };
    }

    private @Nullable SqlType column(Expression expression) {
        if (!expression.is(Form.COLUMN) || tokens.texts[expression.from()].equals("(")) {
            return null;
        }
        int last = expression.to() - 1;
        String name = tokens.texts[last];
        String qualifier = last > expression.from() ? tokens.texts[last - 2] : "";
        Set<SqlType> found = new LinkedHashSet<>();
        for (int i = 0; i < tokens.count - 1; i++) {
            if ((tokens.kinds[i] == Token.WORD && introducesTable(tokens.texts[i]))
                    || tokens.texts[i].equals(",")) {
                table(i + 1, qualifier)
                        .flatMap(table -> table.column(name))
                        .map(ColumnTypes::of)
                        .ifPresent(found::add);
            }
        }
        if (found.isEmpty() && qualifier.isEmpty()) {
            defined(name).ifPresent(found::add);
        }
        return found.size() == 1 ? found.iterator().next() : null;
    }

    private static SqlType of(TableMetadata.Column column) {
        SqlType type = SqlType.of(column.oid());
        if (type != null) {
            return type;
        }
        var users = new SqlType(column.engineType(), column.oid(), -1, column.engineType());
        return users.isUsers() ? users : ofEngine(column.engineType());
    }

    /** The type of a column in CREATE TABLE, where it is defined before or after its use. */
    private Optional<SqlType> defined(String name) {
        boolean isCreate = tokens.count > 1 && tokens.texts[0].equals("create");
        for (int i = 1; isCreate && i < tokens.count - 1; i++) {
            boolean begins = tokens.texts[i - 1].equals("(") || tokens.texts[i - 1].equals(",");
            if (begins && isName(i) && tokens.texts[i].equals(name) && isName(i + 1)) {
                return Optional.ofNullable(SqlType.named(tokens.texts[i + 1]));
            }
        }
        return Optional.empty();
    }

    private static boolean introducesTable(String word) {
        return switch (word) {
            case "from", "join", "update", "into", "using", "only" -> true;
            default -> false;
        };
    }

    /** The table that is named at a token, where its alias is the qualifier or there is none. */
    private Optional<TableMetadata> table(int at, String qualifier) {
        if (!isName(at)) {
            return Optional.empty();
        }
        Optional<String> schemaName = Optional.empty();
        String name = tokens.texts[at];
        int next = at + 1;
        if (tokens.texts[next].equals(".") && isName(next + 1)) {
            schemaName = Optional.of(name);
            name = tokens.texts[next + 1];
            next += 2;
        }
        if (tokens.kinds[next] == Token.WORD && tokens.texts[next].equals("as")) {
            next++;
        }
        boolean isCalled =
                qualifier.isEmpty()
                        || name.equals(qualifier)
                        || (isName(next) && tokens.texts[next].equals(qualifier));
        return isCalled ? schema.table(new TableName(schemaName, name)) : Optional.empty();
    }

    private boolean isName(int token) {
        return tokens.kinds[token] == Token.WORD || tokens.kinds[token] == Token.QUOTED_NAME;
    }

    /** The type that the engine's words stand for. */
    static SqlType ofEngine(String engine) {
        String bare = engine.replaceAll("\\([^)]*\\)", "").toUpperCase(Locale.ROOT);
        if (bare.endsWith(" ARRAY")) {
            return ofEngine(bare.substring(0, bare.length() - 6)).array();
        }
        String name =
                switch (bare) {
                    case "BOOLEAN" -> "bool";
                    case "TINYINT", "SMALLINT" -> "int2";
                    case "INTEGER" -> "int4";
                    case "BIGINT" -> "int8";
                    case "REAL" -> "float4";
                    case "DOUBLE PRECISION" -> "float8";
                    case "NUMERIC", "DECFLOAT" -> "numeric";
                    case "BINARY VARYING", "BINARY", "BINARY LARGE OBJECT" -> "bytea";
                    case "DATE" -> "date";
                    case "TIME" -> "time";
                    case "TIME WITH TIME ZONE" -> "timetz";
                    case "TIMESTAMP" -> "timestamp";
                    case "TIMESTAMP WITH TIME ZONE" -> "timestamptz";
                    case "UUID" -> "uuid";
                    case "JSON" -> "jsonb";
                    case "CHARACTER VARYING" -> engine.contains("(") ? "varchar" : "text";
                    default -> bare.startsWith("INTERVAL") ? "interval" : "text";
                };
        SqlType type = SqlType.named(name);
        return type == null ? SqlType.TEXT : type;
    }
}
