package io.heliosdb.pg;

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

    /** Rejects a negative position. */
    public Lsn {
        if (value < 0) {
            throw new IllegalArgumentException("an lsn is not negative: " + value);
        }
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
