package io.heliosdb.engine.function;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.log.Log;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;

/**
 * What a statement can ask of the log. Without one, each answers 55000.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-admin.html#FUNCTIONS-ADMIN-BACKUP">
 *     PostgreSQL: backup control functions</a>
 */
public final class WalFunctions {
    private WalFunctions() {}

    /**
     * How far the log is on disk: it is written and flushed in one step.
     *
     * @param connection the caller's
     * @return a position
     */
    public static String flushed(Connection connection) {
        return log(connection).flushed().toString();
    }

    /**
     * What a standby has received or replayed.
     *
     * @return null: there are no standbys
     */
    public static @Nullable String replayed() {
        return null;
    }

    /**
     * Where the next record goes.
     *
     * @param connection the caller's
     * @return a position
     */
    public static String end(Connection connection) {
        return log(connection).end().toString();
    }

    /**
     * How many bytes lie between two positions.
     *
     * @param a a position
     * @param b the one that is subtracted
     * @return negative where {@code a} comes first
     */
    public static @Nullable BigDecimal difference(@Nullable String a, @Nullable String b) {
        if (a == null || b == null) {
            return null;
        }
        return BigDecimal.valueOf(Lsn.parse(a).value() - Lsn.parse(b).value());
    }

    /**
     * The file of the log that holds a position; that of the byte before it, as PostgreSQL has it.
     *
     * @param connection the caller's
     * @param lsn a position
     * @return a name in the log's directory
     */
    public static @Nullable String fileName(Connection connection, @Nullable String lsn) {
        return lsn == null ? null : log(connection).fileName(Lsn.parse(lsn));
    }

    /**
     * Copies the database into a directory on the machine of the server; for superusers.
     *
     * @param connection the caller's
     * @param directory empty or not there
     * @return up to where the copy goes
     */
    public static @Nullable String backup(Connection connection, @Nullable String directory) {
        if (directory == null) {
            return null;
        }
        var session = EngineSession.of(connection);
        if (!"on".equals(session.services().setting("is_superuser", true))) {
            throw new PgException(
                    SqlState.INSUFFICIENT_PRIVILEGE,
                    "permission denied for function heliosdb_backup");
        }
        return session.engine().backup(Path.of(directory)).toString();
    }

    private static Log log(Connection connection) {
        return EngineSession.of(connection)
                .engine()
                .log()
                .orElseThrow(() ->
                        new PgException(
                                        SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                                        "this database keeps no log")
                                .withHint("Open it in a directory, with enable_wal = true."));
    }
}
