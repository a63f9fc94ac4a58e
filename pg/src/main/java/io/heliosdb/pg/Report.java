package io.heliosdb.pg;

import org.jspecify.annotations.Nullable;

/**
 * The fields of an error or a notice.
 *
 * @param severity how serious it is
 * @param sqlState its code
 * @param message one line that says what happened
 * @param detail more about it
 * @param hint what to do about it
 * @param position where in the statement, in characters from 1; 0 where that is not known
 * @param where the context it happened in, such as a trigger's body
 * @see <a href="https://www.postgresql.org/docs/15/protocol-error-fields.html">PostgreSQL: error
 *     and notice fields</a>
 */
public record Report(
        Severity severity,
        SqlState sqlState,
        String message,
        @Nullable String detail,
        @Nullable String hint,
        int position,
        @Nullable String where) {

    /**
     * A report of a message alone.
     *
     * @param severity how serious it is
     * @param sqlState its code
     * @param message what happened
     * @return the report
     */
    public static Report of(Severity severity, SqlState sqlState, String message) {
        return new Report(severity, sqlState, message, null, null, 0, null);
    }
}
