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
 * @param subject the object that it is about, where programs may want to know
 * @param source the place in the server's program that raised it
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
        @Nullable String where,
        @Nullable Subject subject,
        @Nullable Source source) {

    /**
     * The object that a report is about; null where a part does not apply.
     *
     * @param schema its schema
     * @param table the table
     * @param column the column
     * @param constraint the constraint
     */
    public record Subject(
            @Nullable String schema,
            @Nullable String table,
            @Nullable String column,
            @Nullable String constraint) {}

    /**
     * A place in the server's program.
     *
     * @param file the source file
     * @param line the line in it
     * @param routine the method
     */
    public record Source(String file, int line, String routine) {}

    /**
     * A report without a subject or a source.
     *
     * @param severity how serious it is
     * @param sqlState its code
     * @param message one line that says what happened
     * @param detail more about it
     * @param hint what to do about it
     * @param position where in the statement, in characters from 1; 0 where that is not known
     * @param where the context it happened in
     */
    public Report(
            Severity severity,
            SqlState sqlState,
            String message,
            @Nullable String detail,
            @Nullable String hint,
            int position,
            @Nullable String where) {
        this(severity, sqlState, message, detail, hint, position, where, null, null);
    }

    /**
     * The same report, with the place that raised it.
     *
     * @param raisedAt the place
     * @return a copy
     */
    public Report withSource(Source raisedAt) {
        return new Report(
                severity, sqlState, message, detail, hint, position, where, subject, raisedAt);
    }

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
