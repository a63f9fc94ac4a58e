package io.heliosdb.engine;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The names that PostgreSQL gives to constraints without one, where the store made up its own. */
final class ConstraintNames {
    private static final Pattern MADE_UP =
            Pattern.compile(
                    "(?i)(?:CONSTRAINT|PRIMARY_KEY|CONSTRAINT_INDEX|UNIQUE_INDEX)_[0-9A-F_]*");

    private ConstraintNames() {}

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
