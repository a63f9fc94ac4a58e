package io.heliosdb.session;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;

import java.lang.System.Logger.Level;

/**
 * Turns a broken invariant of ours into an error that a client can be given, and says it once in
 * the log.
 */
final class BrokenInvariant {
    private static final System.Logger LOG = System.getLogger("io.heliosdb.session");

    private BrokenInvariant() {}

    static PgException wrap(Throwable thrown) {
        if (thrown instanceof PgException known) {
            return known;
        }
        LOG.log(Level.ERROR, "internal error", thrown);
        return new PgException(
                Report.of(Severity.ERROR, SqlState.INTERNAL_ERROR, "internal error: " + thrown),
                thrown);
    }

    /** Something that ends with its session anyway failed. */
    static void log(String what, Throwable thrown) {
        LOG.log(Level.WARNING, what, thrown);
    }
}
