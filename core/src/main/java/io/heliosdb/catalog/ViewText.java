package io.heliosdb.catalog;

import java.util.regex.Pattern;

/**
 * The query of a view, as the engine keeps it, with the names that need no quotes out of them. The
 * words are the engine's, so the text is not the one that PostgreSQL would print.
 */
final class ViewText {
    private static final Pattern PLAIN_NAME = Pattern.compile("\"([a-z_][a-z0-9_]*)\"");

    private ViewText() {}

    static String of(String query, String schema) {
        var match = PLAIN_NAME.matcher(query.replace('"' + schema + "\".", ""));
        return match.replaceAll(name ->
                io.heliosdb.pg.Identifier.quoteWhereNeeded(name.group(1)).replace("$", "\\$"));
    }
}
