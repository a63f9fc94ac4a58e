package io.heliosdb.catalog;

import io.heliosdb.engine.Inspection;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.time.OffsetDateTime;

/**
 * Sizes, and what there is to know about the server.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-admin.html">PostgreSQL: database
 *     object size functions</a>
 */
public final class ServerFunctions {
    private static final String[] UNITS = {"bytes", "kB", "MB", "GB", "TB", "PB"};
    private static final int NEXT_UNIT_FROM = 10 * 1024;

    private ServerFunctions() {}

    /**
     * About how many bytes a relation takes.
     *
     * @param connection the caller's
     * @param relation its oid or its name
     * @return null for an unknown one
     */
    public static @Nullable Long relationSize(Connection connection, @Nullable String relation) {
        Long oid = NameFunctions.regclass(connection, relation);
        Context context = Caller.context(connection);
        return oid == null || context.model().named(oid.intValue()) == null
                ? null
                : (Long) Inspection.relationSize(context.session(), oid.intValue());
    }

    /**
     * About how many bytes a relation takes.
     *
     * @param connection the caller's
     * @param relation its oid or its name
     * @param fork {@code main}; the others are empty
     * @return null for an unknown one
     */
    public static @Nullable Long relationSize(
            Connection connection, @Nullable String relation, @Nullable String fork) {
        Long size = fork == null ? null : relationSize(connection, relation);
        return size == null || "main".equals(fork) ? size : (Long) 0L;
    }

    /**
     * About how many bytes the indexes of a table take.
     *
     * @param connection the caller's
     * @param relation its oid or its name
     * @return null for an unknown one
     */
    public static @Nullable Long indexesSize(Connection connection, @Nullable String relation) {
        Long oid = NameFunctions.regclass(connection, relation);
        Context context = Caller.context(connection);
        var table = oid == null ? null : context.model().relation(oid.intValue());
        if (table == null) {
            return null;
        }
        long bytes = 0;
        for (var index : table.indexes()) {
            bytes += Inspection.relationSize(context.session(), index.oid());
        }
        return bytes;
    }

    /**
     * How many bytes the database takes.
     *
     * @param connection the caller's
     * @param database its oid or its name
     * @return the size of its file; null for null
     */
    public static @Nullable Long databaseSize(Connection connection, @Nullable String database) {
        return database == null
                ? null
                : (Long) Inspection.databaseSize(Caller.context(connection).session());
    }

    /**
     * A number of bytes in a unit that suits it.
     *
     * @param bytes the number
     * @return such as {@code 24 kB}
     */
    public static @Nullable String prettySize(@Nullable BigDecimal bytes) {
        if (bytes == null) {
            return null;
        }
        BigDecimal size = bytes;
        int unit = 0;
        var step = BigDecimal.valueOf(1024);
        var limit = BigDecimal.valueOf(NEXT_UNIT_FROM);
        while (size.abs().setScale(0, RoundingMode.HALF_UP).compareTo(limit) >= 0
                && unit < UNITS.length - 1) {
            size = size.divide(step, 10, RoundingMode.HALF_UP);
            unit++;
        }
        return size.setScale(0, RoundingMode.HALF_UP).toPlainString() + ' ' + UNITS[unit];
    }

    /**
     * When the database was opened.
     *
     * @param connection the caller's
     * @return the moment
     */
    public static OffsetDateTime started(Connection connection) {
        return Caller.context(connection).host().started();
    }

    /**
     * The schema of the session's temporary tables.
     *
     * @param connection the caller's
     * @return its oid; 0 where the session has none
     */
    public static Long temporarySchema(Connection connection) {
        return Inspection.hasTemporaryObjects(Caller.context(connection).session())
                ? (long) Model.TEMPORARY
                : 0L;
    }

    /**
     * Whether a schema holds the temporary tables of another session; none is seen.
     *
     * @param oid the schema
     * @return false; null for null
     */
    public static @Nullable Boolean isOtherTemporarySchema(@Nullable Long oid) {
        return oid == null ? null : Boolean.FALSE;
    }

    /**
     * Whether a relation may be published: a table that outlives its session.
     *
     * @param connection the caller's
     * @param relation its oid or its name
     * @return null for an unknown one
     */
    public static @Nullable Boolean isPublishable(
            Connection connection, @Nullable String relation) {
        Long oid = NameFunctions.regclass(connection, relation);
        var named = oid == null ? null : Caller.context(connection).model().named(oid.intValue());
        if (named == null) {
            return null;
        }
        return named.kind().equals("r")
                && !named.isTemporary()
                && named.namespace() != Model.PG_CATALOG
                && named.namespace() != Model.INFORMATION_SCHEMA;
    }

    /**
     * Where a tablespace lies.
     *
     * @param oid the tablespace
     * @return nothing, as for PostgreSQL's own ones; null for null
     */
    public static @Nullable String tablespaceLocation(@Nullable Long oid) {
        return oid == null ? null : "";
    }

    /**
     * The encoding of the database.
     *
     * @return UTF8
     */
    public static String databaseEncoding() {
        return "UTF8";
    }

    /**
     * The address of a connection; one through a socket file or in memory has none.
     *
     * @return null
     */
    public static @Nullable String noAddress() {
        return null;
    }

    /**
     * The port of a connection; one through a socket file or in memory has none.
     *
     * @return null
     */
    public static @Nullable Integer noPort() {
        return null;
    }
}
