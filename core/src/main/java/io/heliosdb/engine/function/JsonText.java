package io.heliosdb.engine.function;

import io.heliosdb.engine.FunctionValues;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.type.PgArray;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.pg.type.TextStyle;

import org.h2.value.Value;
import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.sql.Connection;
import java.util.List;

/**
 * Writes values as JSON, as PostgreSQL does: numbers and booleans as they are, JSON embedded as it
 * stands, everything else as a string.
 */
final class JsonText {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final Connection connection;
    private final StringBuilder out = new StringBuilder(64);

    JsonText(Connection connection) {
        this.connection = connection;
    }

    JsonText raw(String text) {
        out.append(text);
        return this;
    }

    /** A value of SQL. */
    JsonText value(Value value) {
        switch (value.getValueType()) {
            case Value.NULL -> out.append("null");
            case Value.SMALLINT, Value.INTEGER, Value.BIGINT -> out.append(value.getLong());
            case Value.VARCHAR -> string(String.valueOf(value.getString()));
            default -> value(FunctionValues.toJava(value, connection), FunctionValues.oid(value));
        }
        return this;
    }

    /** A value that is the key of an object: always a string. */
    JsonText key(Value value) {
        if (value.getValueType() == Value.VARCHAR) {
            string(String.valueOf(value.getString()));
            return this;
        }
        Object key = FunctionValues.toJava(value, connection);
        string(key instanceof String text ? text : text(key, FunctionValues.oid(value)));
        return this;
    }

    @Override
    public String toString() {
        return out.toString();
    }

    private void value(@Nullable Object value, int oid) {
        switch (value) {
            case null -> out.append("null");
            case Boolean bool -> out.append(bool.booleanValue());
            case Double number when !Double.isFinite(number) -> string(text(number, oid));
            case Float number when !Float.isFinite(number) -> string(text(number, oid));
            case BigDecimal number -> out.append(number.toPlainString());
            case Number number -> out.append(text(number, oid));
            case PgArray array -> elements(array.elements(), array.elementOid());
            case String text when oid == Oid.JSON -> out.append(text);
            case String text -> string(text);
            default -> string(dateWithT(text(value, oid), oid));
        }
    }

    private void elements(List<@Nullable Object> elements, int oid) {
        out.append('[');
        for (int i = 0; i < elements.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            value(elements.get(i), oid);
        }
        out.append(']');
    }

    private static String text(@Nullable Object value, int oid) {
        return value == null ? "" : PgType.of(oid).toText(value, TextStyle.DEFAULT);
    }

    /** JSON has ISO 8601's form of a time stamp, with whole hours' and minutes' offset. */
    private static String dateWithT(String text, int oid) {
        if (oid == Oid.TIMESTAMP) {
            return text.replaceFirst(" ", "T");
        }
        if (oid == Oid.TIMESTAMPTZ) {
            String stamp = text.replaceFirst(" ", "T");
            return stamp.matches(".*[+-]\\d\\d") ? stamp + ":00" : stamp;
        }
        return text;
    }

    private void string(String text) {
        quote(text, out);
    }

    /** Appends a string with the escapes that PostgreSQL uses. */
    static void quote(String text, StringBuilder out) {
        out.append('"');
        int plain = 0;
        while (plain < text.length() && isPlain(text.charAt(plain))) {
            plain++;
        }
        out.append(text, 0, plain);
        for (int i = plain; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ') {
                        out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c != '"' && c != '\\';
    }
}
