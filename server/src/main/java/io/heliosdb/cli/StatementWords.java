package io.heliosdb.cli;

import java.util.Locale;
import java.util.regex.Pattern;

/** The words a statement begins with, in upper case. */
final class StatementWords {
    private static final Pattern BEGINNING =
            Pattern.compile("(?s)(?:\\s|--[^\\n]*\\n|/\\*.*?\\*/)*(\\w*)\\s*(\\w*).*");

    private StatementWords() {}

    static String first(String sql) {
        return word(sql, 1);
    }

    static String second(String sql) {
        return word(sql, 2);
    }

    private static String word(String sql, int group) {
        var matcher = BEGINNING.matcher(sql);
        return matcher.matches() ? matcher.group(group).toUpperCase(Locale.ROOT) : "";
    }
}
