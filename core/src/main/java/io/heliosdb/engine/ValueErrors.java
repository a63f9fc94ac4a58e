package io.heliosdb.engine;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.h2.message.DbException;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Values that do not fit. The store does not say which type a text was to become; the method that
 * failed does.
 */
final class ValueErrors {
    private static final Pattern BOUNDED =
            Pattern.compile(
                    "(CHARACTER VARYING|CHARACTER|BINARY VARYING|BINARY|NUMERIC)\\(([\\d, ]+)\\)$");
    private static final Pattern TO_TYPE = Pattern.compile("^(.*) to ([A-Z ]+)$");
    private static final Pattern IN_COLUMN =
            Pattern.compile(
                    "^'?(.*?)'? \\([^()]*: (?:\"[^\"]*\"|\\S+) ([A-Z]+(?: [A-Z]+)*?)"
                            + "(?:\\(| NOT NULL| DEFAULT| GENERATED|\\)).*$",
                    Pattern.DOTALL);

    private static final Map<String, String> BY_METHOD =
            Map.ofEntries(
                    Map.entry("ValueStringBase.getByte", "smallint"),
                    Map.entry("ValueStringBase.getShort", "smallint"),
                    Map.entry("ValueStringBase.getInt", "integer"),
                    Map.entry("ValueStringBase.getLong", "bigint"),
                    Map.entry("ValueStringBase.getBigDecimal", "numeric"),
                    Map.entry("ValueStringBase.getFloat", "real"),
                    Map.entry("ValueStringBase.getDouble", "double precision"),
                    Map.entry("Value.convertToTinyint", "smallint"),
                    Map.entry("Value.convertToSmallint", "smallint"),
                    Map.entry("Value.convertToInt", "integer"),
                    Map.entry("Value.convertToBigint", "bigint"),
                    Map.entry("Value.convertToShort", "smallint"),
                    Map.entry("Value.convertToLong", "bigint"),
                    Map.entry("Value.convertToUuid", "uuid"),
                    Map.entry("Value.convertToBoolean", "boolean"),
                    Map.entry("ValueUuid.get", "uuid"),
                    Map.entry("ValueJson.fromJson", "json"),
                    Map.entry("ValueInteger.checkRange", "integer"),
                    Map.entry("ValueInteger.multiply", "integer"),
                    Map.entry("ValueInteger.divide", "integer"),
                    Map.entry("ValueSmallint.checkRange", "smallint"),
                    Map.entry("ValueTinyint.checkRange", "smallint"),
                    Map.entry("ValueBigint.add", "bigint"),
                    Map.entry("ValueBigint.subtract", "bigint"),
                    Map.entry("ValueBigint.multiply", "bigint"),
                    Map.entry("ValueBigint.negate", "bigint"),
                    Map.entry("ValueBigint.getOverflow", "bigint"));

    private ValueErrors() {}

    static PgException conversion(DbException e, String what) {
        Matcher inColumn = IN_COLUMN.matcher(what);
        if (inColumn.matches()) {
            return invalid(postgresName(inColumn.group(2)), inColumn.group(1));
        }
        Matcher toType = TO_TYPE.matcher(what);
        if (toType.matches()) {
            return new PgException(
                    SqlState.INVALID_TEXT_REPRESENTATION,
                    "invalid input syntax for type " + postgresName(toType.group(2)));
        }
        return invalid(failedType(e), what);
    }

    static PgException outOfRange(DbException e) {
        String type = failedType(e);
        return new PgException(
                SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
                type.equals("numeric") ? "value out of range: overflow" : type + " out of range");
    }

    static PgException tooLong(String column) {
        Matcher bounded = BOUNDED.matcher(column);
        if (!bounded.find()) {
            return new PgException(
                    SqlState.STRING_DATA_RIGHT_TRUNCATION, "value too long for its type");
        }
        if (bounded.group(1).equals("NUMERIC")) {
            return new PgException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow");
        }
        return new PgException(
                SqlState.STRING_DATA_RIGHT_TRUNCATION,
                "value too long for type "
                        + bounded.group(1).toLowerCase(Locale.ROOT)
                        + "("
                        + bounded.group(2)
                        + ")");
    }

    private static PgException invalid(String type, String text) {
        return new PgException(
                SqlState.INVALID_TEXT_REPRESENTATION,
                "invalid input syntax for type " + type + ": \"" + text + "\"");
    }

    private static String failedType(DbException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            for (StackTraceElement frame : cause.getStackTrace()) {
                String owner = frame.getClassName();
                String method =
                        owner.substring(owner.lastIndexOf('.') + 1) + "." + frame.getMethodName();
                String type = BY_METHOD.get(method);
                if (type != null) {
                    return type;
                }
            }
        }
        return "numeric";
    }

    private static String postgresName(String type) {
        return switch (type.strip()) {
            case "TINYINT" -> "smallint";
            case "DECFLOAT" -> "numeric";
            case "TIMESTAMP" -> "timestamp without time zone";
            case "TIME" -> "time without time zone";
            case "BINARY VARYING" -> "bytea";
            default -> type.strip().toLowerCase(Locale.ROOT);
        };
    }
}
