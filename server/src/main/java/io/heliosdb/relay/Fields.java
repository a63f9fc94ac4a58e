package io.heliosdb.relay;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fields of a JSON object, each with the type that is expected of it; what nobody asked for is
 * refused, so that a misspelt field is never left out in silence.
 */
final class Fields {
    private final Map<String, @Nullable Object> all;
    private final Set<String> taken = new HashSet<>();

    Fields(Map<String, @Nullable Object> all) {
        this.all = all;
    }

    static Fields read(String json) {
        return new Fields(JsonText.object(json));
    }

    String string(String name) {
        var value = optionalString(name);
        if (value == null) {
            throw wrong("\"" + name + "\" is missing");
        }
        return value;
    }

    @Nullable String optionalString(String name) {
        return switch (take(name)) {
            case null -> null;
            case String text -> text;
            default -> throw wrong("\"" + name + "\" must be a string");
        };
    }

    /** A whole number; 0 where there is none. */
    int positive(String name, int max) {
        return switch (take(name)) {
            case null -> 0;
            case Integer number when number >= 1 && number <= max -> number;
            default -> throw wrong("\"" + name + "\" must be a whole number from 1 to " + max);
        };
    }

    boolean flag(String name) {
        return switch (take(name)) {
            case null -> false;
            case Boolean flag -> flag;
            default -> throw wrong("\"" + name + "\" must be true or false");
        };
    }

    /** A list of strings; empty where there is none. */
    List<String> strings(String name) {
        return switch (take(name)) {
            case null -> List.of();
            case List<?> list when list.stream().allMatch(String.class::isInstance) ->
                    list.stream().map(String.class::cast).toList();
            default -> throw wrong("\"" + name + "\" must be a list of strings");
        };
    }

    /** Any value. */
    @Nullable Object any(String name) {
        return take(name);
    }

    boolean has(String name) {
        return all.containsKey(name);
    }

    /** Throws 22023 where a field was not asked for. */
    void requireNoMore() {
        for (var name : all.keySet()) {
            if (!taken.contains(name)) {
                throw wrong("there is no field \"" + name + "\"");
            }
        }
    }

    private @Nullable Object take(String name) {
        taken.add(name);
        return all.get(name);
    }

    private static PgException wrong(String what) {
        return new PgException(SqlState.INVALID_PARAMETER_VALUE, "invalid message: " + what);
    }
}
