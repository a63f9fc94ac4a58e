package io.heliosdb.sql;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

/**
 * An array constant such as {@code '{1,2,"a b",NULL}'} in the engine's words.
 *
 * @see <a href="https://www.postgresql.org/docs/15/arrays.html#ARRAYS-IO">PostgreSQL: array input
 *     and output syntax</a>
 */
final class ArrayText {
    private static final int DIMENSIONS_MAX = 6;

    private final Tokens tokens;
    private final int token;
    private final String text;
    private final SqlType element;
    private int at;

    private ArrayText(Tokens tokens, int token, String text, SqlType element) {
        this.tokens = tokens;
        this.token = token;
        this.text = text;
        this.element = element;
    }

    /** The constant as an expression of the array type. */
    static String toEngine(Tokens tokens, int token, String text, SqlType type) {
        SqlType element = SqlType.named(type.name());
        var reader = new ArrayText(tokens, token, text, element == null ? SqlType.TEXT : element);
        var out = new StringBuilder("CAST(");
        reader.skipBlanks();
        reader.array(out, 1);
        reader.skipBlanks();
        if (reader.at < text.length()) {
            throw reader.malformed();
        }
        return out.append(" AS ").append(type.engine()).append(')').toString();
    }

    private void array(StringBuilder out, int depth) {
        if (at >= text.length() || text.charAt(at) != '{' || depth > DIMENSIONS_MAX) {
            throw malformed();
        }
        at++;
        out.append("ARRAY[");
        skipBlanks();
        if (at < text.length() && text.charAt(at) == '}') {
            at++;
            out.append(']');
            return;
        }
        while (true) {
            skipBlanks();
            if (at < text.length() && text.charAt(at) == '{') {
                array(out, depth + 1);
            } else {
                element(out);
            }
            skipBlanks();
            char c = at < text.length() ? text.charAt(at++) : '\0';
            if (c == '}') {
                out.append(']');
                return;
            }
            if (c != ',') {
                throw malformed();
            }
            out.append(", ");
        }
    }

    private void element(StringBuilder out) {
        var value = new StringBuilder();
        boolean quoted = at < text.length() && text.charAt(at) == '"';
        if (quoted) {
            at++;
        }
        while (true) {
            if (at >= text.length()) {
                throw malformed();
            }
            char c = text.charAt(at);
            if (quoted ? c == '"' : c == ',' || c == '}') {
                break;
            }
            if (!quoted && (c == '{' || c == '"')) {
                throw malformed();
            }
            if (c == '\\') {
                at++;
                if (at >= text.length()) {
                    throw malformed();
                }
                c = text.charAt(at);
            }
            value.append(c);
            at++;
        }
        if (quoted) {
            at++;
            value(out, value.toString());
            return;
        }
        String bare = value.toString().strip();
        if (bare.isEmpty()) {
            throw malformed();
        }
        if (bare.equalsIgnoreCase("null")) {
            out.append("NULL");
        } else {
            value(out, bare);
        }
    }

    private void value(StringBuilder out, String value) {
        switch (element.oid()) {
            case Oid.TEXT, Oid.VARCHAR, Oid.BPCHAR, Oid.NAME -> Edits.string(value, out);
            case Oid.BOOL, Oid.BYTEA, Oid.JSON, Oid.JSONB, Oid.INTERVAL ->
                    out.append(Casts.constant(tokens, token, value, element));
            default -> {
                out.append("CAST(");
                Edits.string(value, out);
                out.append(" AS ").append(element.engine()).append(')');
            }
        }
    }

    private void skipBlanks() {
        while (at < text.length() && Scanner.isBlank(text.charAt(at))) {
            at++;
        }
    }

    private PgException malformed() {
        return tokens.error(
                token,
                SqlState.INVALID_TEXT_REPRESENTATION,
                "malformed array literal: \"" + text + '"');
    }
}
