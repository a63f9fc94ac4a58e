package io.heliosdb.relay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON in and out: objects as maps, arrays as lists, and strings, numbers, booleans and null. A
 * name that comes twice in one object is refused.
 */
final class JsonText {
    private static final int DEPTH_MAX = 32;
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEPTH_MAX)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .maxNumberLength(100)
                                    .build())
                    .build();

    /** What writes one value. */
    interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    private JsonText() {}

    /** Reads one object, or throws 22P02. */
    static Map<String, @Nullable Object> object(String text) {
        if (value(text) instanceof Map<?, ?> read) {
            var object = new LinkedHashMap<String, @Nullable Object>();
            read.forEach((name, value) -> object.put((String) name, value));
            return object;
        }
        throw invalid("an object is expected");
    }

    private static @Nullable Object value(String text) {
        try (var parser = FACTORY.createParser(text)) {
            parser.nextToken();
            var value = value(parser);
            if (parser.nextToken() != null) {
                throw invalid("something follows the value");
            }
            return value;
        } catch (IOException e) {
            var error = invalid("it is not well-formed");
            error.initCause(e);
            throw error;
        }
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        var token = parser.currentToken();
        if (token == null) {
            throw invalid("it is empty");
        }
        return switch (token) {
            case START_OBJECT -> {
                var object = new LinkedHashMap<String, @Nullable Object>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    var name = parser.currentName();
                    parser.nextToken();
                    object.put(name, value(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                var array = new ArrayList<@Nullable Object>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser));
                }
                yield array;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw invalid("it is not well-formed");
        };
    }

    /** Writes an object. */
    static byte[] bytes(Body body) {
        var out = new ByteArrayOutputStream(256);
        try (var json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            body.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory failed", e);
        }
        return out.toByteArray();
    }

    /** Writes any value that {@link #object} reads. */
    static void write(JsonGenerator json, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> json.writeNull();
            case Map<?, ?> object -> {
                json.writeStartObject();
                for (var entry : object.entrySet()) {
                    json.writeFieldName((String) entry.getKey());
                    write(json, entry.getValue());
                }
                json.writeEndObject();
            }
            case List<?> array -> {
                json.writeStartArray();
                for (var element : array) {
                    write(json, element);
                }
                json.writeEndArray();
            }
            case String text -> json.writeString(text);
            case Boolean bool -> json.writeBoolean(bool);
            case Number number -> json.writeNumber(number.toString());
            default -> throw new IllegalStateException("no JSON: " + value.getClass());
        }
    }

    /** The text of any value that {@link #object} reads. */
    static String text(@Nullable Object value) {
        var out = new StringWriter();
        try (var json = FACTORY.createGenerator(out)) {
            write(json, value);
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory failed", e);
        }
        return out.toString();
    }

    static PgException invalid(String detail) {
        return new PgException(
                SqlState.INVALID_TEXT_REPRESENTATION, "invalid JSON message: " + detail);
    }
}
