package io.heliosdb.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;

import java.util.function.Function;

/**
 * Reads a payload as JSON. A sender may add a name that the reader does not know yet, so those are
 * passed over; times are ISO 8601.
 */
final class JsonPayloads<T> implements Function<String, T> {
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .addModule(new JavaTimeModule())
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .build();

    private final ObjectReader reader;

    JsonPayloads(Class<T> type) {
        reader = MAPPER.readerFor(type);
    }

    @Override
    public T apply(String payload) {
        try {
            return reader.readValue(payload);
        } catch (JsonProcessingException e) {
            throw new PgException(
                    Report.of(
                            Severity.ERROR,
                            SqlState.INVALID_TEXT_REPRESENTATION,
                            "invalid input syntax for type json: " + e.getOriginalMessage()),
                    e);
        }
    }

    /** A value as JSON. */
    static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "not a value for JSON: " + e.getOriginalMessage(), e);
        }
    }
}
