package io.heliosdb.pg;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * An error that a user can act on: a code, PostgreSQL's wording, and where it helps a detail, a
 * hint and a position. It is unchecked, immutable, and the same inside the process and over the
 * wire.
 */
public final class PgException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Report report;

    /**
     * An error that ends the statement.
     *
     * @param sqlState the code
     * @param message what happened, in PostgreSQL's wording
     */
    public PgException(SqlState sqlState, String message) {
        this(Report.of(Severity.ERROR, sqlState, message), null);
    }

    /**
     * An error with all its fields.
     *
     * @param report the fields
     * @param cause what led to it, or null
     */
    public PgException(Report report, @Nullable Throwable cause) {
        super(report.message());
        this.report = report;
        if (cause != null) {
            initCause(cause);
        }
    }

    /**
     * An error that ends the session.
     *
     * @param sqlState the code
     * @param message what happened
     * @return the error
     */
    public static PgException fatal(SqlState sqlState, String message) {
        return new PgException(Report.of(Severity.FATAL, sqlState, message), null);
    }

    /**
     * The fields of this error.
     *
     * @return all of them
     */
    public Report report() {
        return report;
    }

    /**
     * The code of this error.
     *
     * @return its SQLSTATE
     */
    public SqlState sqlState() {
        return report.sqlState();
    }

    /**
     * The fields of this error with the place in this program that raised it, as a server sends
     * them.
     *
     * @return all of them
     */
    public Report reportWithSource() {
        var trace = getStackTrace();
        if (trace.length == 0 || trace[0].getFileName() == null) {
            return report;
        }
        var at = trace[0];
        return report.withSource(
                new Report.Source(at.getFileName(), at.getLineNumber(), at.getMethodName()));
    }

    /**
     * The same error about an object.
     *
     * @param subject the object
     * @return a copy
     */
    public PgException withSubject(Report.Subject subject) {
        return copy(
                new Report(
                        report.severity(),
                        report.sqlState(),
                        report.message(),
                        report.detail(),
                        report.hint(),
                        report.position(),
                        report.where(),
                        subject,
                        report.source()));
    }

    /**
     * What to do about it.
     *
     * @return the hint, where there is one
     */
    public Optional<String> hint() {
        return Optional.ofNullable(report.hint());
    }

    /**
     * The same error with a hint.
     *
     * @param hint what to do
     * @return a copy
     */
    public PgException withHint(String hint) {
        return copy(
                new Report(
                        report.severity(),
                        report.sqlState(),
                        report.message(),
                        report.detail(),
                        hint,
                        report.position(),
                        report.where(),
                        report.subject(),
                        report.source()));
    }

    /**
     * The same error with a detail.
     *
     * @param detail more about it
     * @return a copy
     */
    public PgException withDetail(String detail) {
        return copy(
                new Report(
                        report.severity(),
                        report.sqlState(),
                        report.message(),
                        detail,
                        report.hint(),
                        report.position(),
                        report.where(),
                        report.subject(),
                        report.source()));
    }

    /**
     * The same error at a place in the statement.
     *
     * @param position characters from 1
     * @return a copy
     */
    public PgException withPosition(int position) {
        return copy(
                new Report(
                        report.severity(),
                        report.sqlState(),
                        report.message(),
                        report.detail(),
                        report.hint(),
                        position,
                        report.where(),
                        report.subject(),
                        report.source()));
    }

    /**
     * The same error with the context it happened in.
     *
     * @param where such as the trigger and the line of its body
     * @return a copy
     */
    public PgException withWhere(String where) {
        return copy(
                new Report(
                        report.severity(),
                        report.sqlState(),
                        report.message(),
                        report.detail(),
                        report.hint(),
                        report.position(),
                        where,
                        report.subject(),
                        report.source()));
    }

    /**
     * The same error with another severity.
     *
     * @param severity the new one
     * @return a copy
     */
    public PgException withSeverity(Severity severity) {
        return copy(
                new Report(
                        severity,
                        report.sqlState(),
                        report.message(),
                        report.detail(),
                        report.hint(),
                        report.position(),
                        report.where(),
                        report.subject(),
                        report.source()));
    }

    private PgException copy(Report changed) {
        var copy = new PgException(changed, getCause());
        copy.setStackTrace(getStackTrace());
        return copy;
    }
}
