package io.heliosdb.pg.type;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.JsonLexer.Token;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * JSON as PostgreSQL reads it, and prints it for jsonb: keys by length and then by bytes, the last
 * of equal ones, a blank after each colon and comma. Refusals have PostgreSQL's words.
 *
 * @see <a href="https://www.postgresql.org/docs/15/datatype-json.html">PostgreSQL: JSON types</a>
 */
public final class Json {
    /** How deep values may lie in each other; PostgreSQL's bound is its stack. */
    static final int DEPTH_MAX = 1000;

    private static final Comparator<String> BY_LENGTH_THEN_BYTES =
            Comparator.comparing((String key) -> key.getBytes(StandardCharsets.UTF_8), Json::order);

    private final JsonLexer lexer;
    private final boolean isKept;
    private Token token;

    private Json(String text, boolean isKept) {
        this.lexer = new JsonLexer(text, isKept);
        this.isKept = isKept;
        token = lexer.next();
    }

    private static int order(byte[] left, byte[] right) {
        return left.length != right.length
                ? Integer.compare(left.length, right.length)
                : Arrays.compareUnsigned(left, right);
    }

    /**
     * Checks that a text is JSON.
     *
     * @param text as a json value is sent
     * @return the text itself
     * @throws PgException 22P02, or 54001 where it is too deep
     */
    public static String valid(String text) {
        new Json(text, false).whole();
        return text;
    }

    /**
     * The form in which PostgreSQL prints a jsonb value.
     *
     * @param text JSON in any form
     * @return the same value
     * @throws PgException 22P02 for what is none, 22P05 for a NUL in a string, 22003 for a number
     *     that numeric cannot hold, 54001 where it is too deep
     */
    public static String normalized(String text) {
        var out = new StringBuilder(text.length() + 16);
        print(new Json(text, true).whole(), out);
        return out.toString();
    }

    private Object whole() {
        var value = value(0);
        if (token != Token.END) {
            throw lexer.expected("Expected end of input");
        }
        return value;
    }

    /** Scalars are their printed text, arrays lists, objects maps. */
    private Object value(int depth) {
        if (depth == DEPTH_MAX) {
            throw new PgException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
        }
        return switch (token) {
            case OPEN_BRACE -> object(depth);
            case OPEN_BRACKET -> array(depth);
            case STRING -> scalar(isKept ? quoted(lexer.string()) : "");
            case NUMBER -> scalar(isKept ? number(lexer.word()) : "");
            case WORD -> scalar(lexer.word());
            case CLOSE_BRACE, CLOSE_BRACKET, COLON, COMMA, END ->
                    throw lexer.expected("Expected JSON value");
        };
    }

    private String scalar(String printed) {
        token = lexer.next();
        return printed;
    }

    private static String number(String digits) {
        var numeric = PgType.of(io.heliosdb.pg.Oid.NUMERIC);
        return numeric.toText(numeric.decodeText(digits));
    }

    private Object object(int depth) {
        Map<String, Object> fields = new TreeMap<>(BY_LENGTH_THEN_BYTES);
        token = lexer.next();
        if (token == Token.STRING) {
            field(fields, depth);
            while (token == Token.COMMA) {
                token = lexer.next();
                if (token != Token.STRING) {
                    throw lexer.expected("Expected string");
                }
                field(fields, depth);
            }
            require(Token.CLOSE_BRACE, "Expected \",\" or \"}\"");
        } else {
            require(Token.CLOSE_BRACE, "Expected string or \"}\"");
        }
        return fields;
    }

    private void field(Map<String, Object> fields, int depth) {
        var key = lexer.string();
        token = lexer.next();
        require(Token.COLON, "Expected \":\"");
        var value = value(depth + 1);
        if (isKept) {
            fields.put(key, value);
        }
    }

    private Object array(int depth) {
        List<Object> elements = new ArrayList<>();
        token = lexer.next();
        if (token != Token.CLOSE_BRACKET) {
            element(elements, depth);
            while (token == Token.COMMA) {
                token = lexer.next();
                element(elements, depth);
            }
        }
        require(Token.CLOSE_BRACKET, "Expected \",\" or \"]\"");
        return elements;
    }

    private void element(List<Object> elements, int depth) {
        var value = value(depth + 1);
        if (isKept) {
            elements.add(value);
        }
    }

    private void require(Token wanted, String expectation) {
        if (token != wanted) {
            throw lexer.expected(expectation);
        }
        token = lexer.next();
    }

    private static void print(@Nullable Object value, StringBuilder out) {
        switch (value) {
            case Map<?, ?> fields -> {
                out.append('{');
                var separator = "";
                for (var field : fields.entrySet()) {
                    out.append(separator).append(quoted((String) field.getKey())).append(": ");
                    print(field.getValue(), out);
                    separator = ", ";
                }
                out.append('}');
            }
            case List<?> elements -> {
                out.append('[');
                var separator = "";
                for (var element : elements) {
                    out.append(separator);
                    print(element, out);
                    separator = ", ";
                }
                out.append(']');
            }
            case null, default -> out.append(value);
        }
    }

    /**
     * A text as a JSON string, with the escapes PostgreSQL uses.
     *
     * @param text any text
     * @return the text in quotes
     */
    public static String quoted(String text) {
        var out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
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
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
