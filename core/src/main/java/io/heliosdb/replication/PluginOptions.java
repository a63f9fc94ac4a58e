package io.heliosdb.replication;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The options of a plugin, read one by one.
 *
 * @param slot the slot, for messages
 * @param plugin the plugin, for messages
 * @param values the options by name
 */
record PluginOptions(String slot, String plugin, Map<String, String> values) {
    boolean flag(String name, boolean otherwise) {
        String value = values.get(name);
        if (value == null) {
            return otherwise;
        }
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "", "1", "t", "true", "on", "y", "yes" -> true;
            case "0", "f", "false", "off", "n", "no" -> false;
            default ->
                    throw error(
                            SqlState.INVALID_PARAMETER_VALUE,
                            "could not parse value \"%s\" for parameter \"%s\""
                                    .formatted(value, name));
        };
    }

    int number(String name, int otherwise) {
        String value = values.get(name);
        try {
            return value == null ? otherwise : Integer.parseInt(value.strip());
        } catch (NumberFormatException e) {
            throw error(SqlState.INVALID_PARAMETER_VALUE, "invalid " + name);
        }
    }

    /**
     * A list of names as SQL writes them.
     *
     * @throws PgException 42602 where it is none
     */
    List<String> names(String name) {
        var names = new ArrayList<String>();
        String text = values.getOrDefault(name, "");
        int at = 0;
        while (at < text.length()) {
            var word = new StringBuilder();
            at = blanks(text, at);
            if (at < text.length() && text.charAt(at) == '"') {
                at = quoted(text, at + 1, word, name);
            } else {
                while (at < text.length() && ", \t\n".indexOf(text.charAt(at)) < 0) {
                    word.append(Character.toLowerCase(text.charAt(at++)));
                }
            }
            at = blanks(text, at);
            boolean isAtEnd = at == text.length();
            if (word.isEmpty() || (!isAtEnd && text.charAt(at) != ',')) {
                throw error(SqlState.INVALID_NAME, "invalid " + name + " syntax");
            }
            names.add(word.toString());
            at++;
        }
        return names;
    }

    private int quoted(String text, int from, StringBuilder word, String name) {
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '"') {
                word.append(c);
            } else if (at < text.length() && text.charAt(at) == '"') {
                word.append(text.charAt(at++));
            } else {
                return at;
            }
        }
        throw error(SqlState.INVALID_NAME, "invalid " + name + " syntax");
    }

    private static int blanks(String text, int from) {
        int at = from;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** An error that says whose options are wrong. */
    PgException error(SqlState state, String message) {
        return new PgException(state, message)
                .withWhere(
                        "slot \"%s\", output plugin \"%s\", in the startup callback"
                                .formatted(slot, plugin));
    }
}
