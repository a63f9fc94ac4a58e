package io.heliosdb.engine.function;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A JSON text taken apart, and put together again in jsonb's normal form: the last of equal keys
 * wins, keys by length, then by bytes.
 *
 * @see <a href="https://www.postgresql.org/docs/15/datatype-json.html">PostgreSQL: JSON types</a>
 */
final class JsonTree {
    private static final JsonFactory FACTORY =
            JsonFactory.builder().disable(JsonReadFeature.ALLOW_JAVA_COMMENTS).build();

    private static final Comparator<String> KEY_ORDER =
            Comparator.<String>comparingInt(key -> key.getBytes(StandardCharsets.UTF_8).length)
                    .thenComparing(Comparator.naturalOrder());

    private final @Nullable Object root;

    private JsonTree(@Nullable Object root) {
        this.root = root;
    }

    /** A tree of what {@link #root} gives. */
    static JsonTree of(@Nullable Object root) {
        return new JsonTree(root);
    }

    /** Maps, lists, texts, numbers, Booleans and null. */
    @Nullable Object root() {
        return root;
    }

    /**
     * Takes a text apart.
     *
     * @throws PgException 22P02 for what is not JSON
     */
    static JsonTree parse(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                throw invalid();
            }
            Object root = read(parser);
            if (parser.nextToken() != null) {
                throw invalid();
            }
            return new JsonTree(root);
        } catch (IOException e) {
            throw invalid();
        }
    }

    /**
     * What lies at a step down: the value of a key, or an element by its index, from the end where
     * that is negative.
     */
    @Nullable JsonTree step(String step) {
        if (root instanceof Map<?, ?> object) {
            return object.containsKey(step) ? new JsonTree(object.get(step)) : null;
        }
        if (root instanceof List<?> array && step.matches("-?\\d{1,9}")) {
            int index = Integer.parseInt(step);
            int at = index < 0 ? array.size() + index : index;
            return at >= 0 && at < array.size() ? new JsonTree(array.get(at)) : null;
        }
        return null;
    }

    /** As {@code ->>} gives it: a string without quotes, null for null. */
    @Nullable String toText() {
        if (root == null) {
            return null;
        }
        return root instanceof String text ? text : toString();
    }

    /** The normal form. */
    @Override
    public String toString() {
        var out = new StringBuilder();
        write(root, out);
        return out.toString();
    }

    private static @Nullable Object read(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new BigDecimal(parser.getText());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
                    throw invalid();
        };
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
        var object = new LinkedHashMap<String, @Nullable Object>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            object.put(key, read(parser));
        }
        return object;
    }

    private static List<@Nullable Object> array(JsonParser parser) throws IOException {
        var array = new ArrayList<@Nullable Object>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(read(parser));
        }
        return array;
    }

    private static void write(@Nullable Object node, StringBuilder out) {
        switch (node) {
            case null -> out.append("null");
            case Map<?, ?> object -> writeObject(object, out);
            case List<?> array -> writeArray(array, out);
            case String text -> JsonText.quote(text, out);
            case BigDecimal number -> out.append(number.toPlainString());
            default -> out.append(node);
        }
    }

    private static void writeObject(Map<?, ?> object, StringBuilder out) {
        var sorted = new TreeMap<String, @Nullable Object>(KEY_ORDER);
        object.forEach((key, value) -> sorted.put((String) key, value));
        String separator = "{";
        for (var entry : sorted.entrySet()) {
            JsonText.quote(entry.getKey(), out.append(separator));
            write(entry.getValue(), out.append(": "));
            separator = ", ";
        }
        out.append(sorted.isEmpty() ? "{}" : "}");
    }

    private static void writeArray(List<?> array, StringBuilder out) {
        String separator = "[";
        for (Object element : array) {
            write(element, out.append(separator));
            separator = ", ";
        }
        out.append(array.isEmpty() ? "[]" : "]");
    }

    private static PgException invalid() {
        return new PgException(
                SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type json");
    }
}
