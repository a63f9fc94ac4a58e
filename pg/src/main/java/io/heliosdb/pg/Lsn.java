package io.heliosdb.pg;

import java.util.regex.Pattern;

/**
 * A position in the one total order of commits, printed as PostgreSQL prints a log sequence number:
 * the upper and lower halves in hexadecimal with a slash between them.
 *
 * @param value the position; never negative
 * @see <a href="https://www.postgresql.org/docs/15/datatype-pg-lsn.html">PostgreSQL: pg_lsn</a>
 */
public record Lsn(long value) implements Comparable<Lsn> {
    /** The position before the first commit. */
    public static final Lsn ZERO = new Lsn(0);

    private static final int HEXADECIMAL = 16;

    private static final Pattern WRITTEN = Pattern.compile("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}");

    /** Rejects a negative position. */
    public Lsn {
        if (value < 0) {
            throw new IllegalArgumentException("an lsn is not negative: " + value);
        }
    }

    /**
     * Reads a position as PostgreSQL prints it.
     *
     * @param text two hexadecimal numbers of up to eight digits with a slash between them
     * @return the position
     * @throws PgException 22P02 where the text is anything else, or beyond the last position
     */
    public static Lsn parse(String text) {
        if (!WRITTEN.matcher(text).matches()) {
            throw notAPosition(text);
        }
        int slash = text.indexOf('/');
        long upper = Long.parseLong(text, 0, slash, HEXADECIMAL);
        long lower = Long.parseLong(text, slash + 1, text.length(), HEXADECIMAL);
        long value = (upper << 32) | lower;
        if (value < 0) {
            throw notAPosition(text);
        }
        return new Lsn(value);
    }

    private static PgException notAPosition(String text) {
        return new PgException(
                SqlState.INVALID_TEXT_REPRESENTATION,
                "invalid input syntax for type pg_lsn: \"" + text + "\"");
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return "%X/%X".formatted(value >>> 32, value & 0xFFFF_FFFFL);
    }
}
