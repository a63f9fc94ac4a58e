package io.heliosdb.pg.type;

/** What C's isspace() counts as blank, which is what PostgreSQL skips around a value. */
final class Blank {
    private Blank() {}

    static boolean is(int c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && is(text.charAt(from))) {
            from++;
        }
        while (to > from && is(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }
}
