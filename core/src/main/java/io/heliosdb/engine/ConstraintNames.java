package io.heliosdb.engine;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names that PostgreSQL gives to constraints without one, where the store made up its own. */
final class ConstraintNames {
    private static final Pattern MADE_UP =
            Pattern.compile(
                    "(?i)(?:CONSTRAINT|PRIMARY_KEY|CONSTRAINT_INDEX|UNIQUE_INDEX)_[0-9A-F_]*");

    /** The copy of a table that is being altered, and the parts of the copy. */
    private static final Pattern COPY = Pattern.compile("(.+)_COPY_\\d+_\\d+(?:_(.*))?");

    private static final Pattern PART_OF_INDEX = Pattern.compile("(.+?)_INDEX_[0-9A-F]+");

    private ConstraintNames() {}

    /** The table that is being altered, where this is the name of its copy. */
    static Optional<String> altered(@Nullable String table) {
        Matcher match = COPY.matcher(table == null ? "" : table);
        return match.matches() ? Optional.of(match.group(1)) : Optional.empty();
    }

    /** The name of a constraint of the table, from that of the copy's constraint or its index. */
    static String ofAltered(String part) {
        Matcher copy = COPY.matcher(part);
        String name = copy.matches() && copy.group(2) != null ? copy.group(2) : part;
        Matcher index = PART_OF_INDEX.matcher(name);
        return index.matches() ? index.group(1) : name;
    }

    static String unique(String table, List<String> columns, String name, boolean isPrimary) {
        if (!isMadeUp(name)) {
            return name;
        }
        return isPrimary || name.toUpperCase(Locale.ROOT).startsWith("PRIMARY")
                ? table + "_pkey"
                : table + "_" + String.join("_", columns) + "_key";
    }

    static String foreign(String table, List<String> columns, String name) {
        return isMadeUp(name) ? table + "_" + String.join("_", columns) + "_fkey" : name;
    }

    static String check(String table, String name) {
        return isMadeUp(name) ? table + "_check" : name;
    }

    private static boolean isMadeUp(String name) {
        return name.isEmpty() || MADE_UP.matcher(name).matches();
    }
}
