package io.heliosdb.session;

import io.heliosdb.engine.SessionObjects;
import io.heliosdb.pg.Column;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Statement.DeclareCursor;
import io.heliosdb.sql.Statement.Fetch;

import org.jspecify.annotations.Nullable;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/**
 * A portal: a prepared statement with its parameters and, once it has started, its rows and its
 * place in them. A cursor of SQL is a portal with options. Confined to the session.
 */
final class Bound implements Portal {
    /** The rows of a portal. */
    interface Rows {
        /** How many there are; those that are not computed yet are computed first. */
        long count();

        /** Whether there may be rows that are not computed yet. */
        default boolean isLazy() {
            return false;
        }

        /** The row after the last one that was given; null for none. For lazy ones alone. */
        default @Nullable Object @Nullable [] nextRow() {
            throw new IllegalStateException("rows that are computed");
        }

        /** A row by its index from 0, for its receiver to keep; quick for the next one. */
        @Nullable Object[] row(long index);

        void close();
    }

    private static final DeclareCursor.Options NO_CURSOR =
            new DeclareCursor.Options(false, false, false);

    private final String name;
    private final Prepared prepared;
    private final @Nullable Object[] parameters;
    private final String source;
    private final boolean isCursor;
    private final DeclareCursor.Options options;
    private final PortalPosition position;
    private final OffsetDateTime createdAt = OffsetDateTime.now(ZoneOffset.UTC);
    private boolean isLimited;
    private boolean isStarted;
    private @Nullable Rows rows;
    private String tag = "";
    private boolean isTagCounted;
    private long fetched;
    private boolean isSpent;
    private boolean isFailed;
    private long serial;
    private boolean isHeld;

    Bound(String name, Prepared prepared, @Nullable Object[] parameters) {
        this(name, prepared, parameters, prepared.statement().source(), false, NO_CURSOR);
    }

    private Bound(
            String name,
            Prepared prepared,
            @Nullable Object[] parameters,
            String source,
            boolean isCursor,
            DeclareCursor.Options options) {
        this.name = name;
        this.prepared = prepared;
        this.parameters = parameters;
        this.source = source;
        this.isCursor = isCursor;
        this.options = options;
        position = new PortalPosition(options.isScrollable());
    }

    /** A cursor, whose rows stay until it is closed. */
    static Bound cursor(
            String name,
            Prepared prepared,
            @Nullable Object[] parameters,
            String source,
            DeclareCursor.Options options) {
        return new Bound(name, prepared, parameters, source, true, options);
    }

    String name() {
        return name;
    }

    Prepared prepared() {
        return prepared;
    }

    @Nullable Object[] parameters() {
        return parameters;
    }

    @Override
    public @Nullable List<Column> columns() {
        return prepared.columns();
    }

    @Override
    public boolean isBinary() {
        return options.isBinary();
    }

    /** Its client asks for some of its rows at a time: no more are computed than it asks for. */
    void limit() {
        isLimited = !isCursor;
    }

    boolean isLimited() {
        return isLimited;
    }

    boolean isStarted() {
        return isStarted;
    }

    @Nullable Rows rows() {
        return rows;
    }

    /** The statement ran and gave no rows. */
    void completed(String commandTag) {
        isStarted = true;
        tag = commandTag;
    }

    /**
     * The statement ran; its rows are to be fetched. A counted tag ends with how many were fetched.
     */
    void opened(Rows opened, String commandTag, boolean countsFetched) {
        isStarted = true;
        rows = opened;
        tag = commandTag;
        isTagCounted = countsFetched;
    }

    /** Whether a portal without rows has given its tag: it cannot run twice. */
    boolean isSpent() {
        return isSpent;
    }

    void spend() {
        isSpent = true;
    }

    /**
     * Goes on with what another one has started, as EXECUTE does with the statement that it names.
     */
    void takeOver(Bound other) {
        isStarted = true;
        rows = other.rows;
        tag = other.tag;
        isTagCounted = other.isTagCounted;
    }

    /**
     * Gives out rows from its place on.
     *
     * @param max how many at most, {@link Fetch#ALL} for all
     * @return whether it is at its end
     */
    boolean give(long max, ResultReceiver out) {
        var open = rows;
        if (open == null) {
            fetched = 0;
            return true;
        }
        fetched = open.isLazy() ? giveLazily(open, max, out) : giveComputed(open, max, out);
        if (position.isAtEnd() && !isCursor) {
            close();
        }
        return position.isAtEnd();
    }

    private long giveComputed(Rows open, long max, ResultReceiver out) {
        var span = position.forward(open.count(), max);
        for (long i = 0; i < span.count(); i++) {
            out.row(open.row(span.first() + i));
        }
        return span.count();
    }

    private long giveLazily(Rows open, long max, ResultReceiver out) {
        for (long given = 0; given < max; given++) {
            var row = open.nextRow();
            position.next(row != null);
            if (row == null) {
                return given;
            }
            out.row(row);
        }
        return max;
    }

    /**
     * Goes to another place. One that failed to is of no use any more, even where a savepoint has
     * saved the transaction.
     */
    PortalPosition.Span move(Fetch fetch) {
        var open = rows;
        try {
            return position.move(fetch, open == null ? 0 : open.count());
        } catch (PgException e) {
            isFailed = true;
            throw e;
        }
    }

    /** 55000 where it has failed before. */
    void requireUsable() {
        if (isFailed) {
            throw cannotRun();
        }
    }

    /** The error for a portal that gives no rows, or none any more. */
    PgException cannotRun() {
        return new PgException(
                SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "portal \"" + name + "\" cannot be run");
    }

    /** Goes to another place and gives the rows on the way. */
    Rows fetch(Fetch fetch) {
        var open = rows;
        if (open == null) {
            return new OwnRows(List.of());
        }
        var shared = open instanceof SharedRows known ? known : new SharedRows(open);
        rows = shared;
        return shared.window(move(fetch));
    }

    /** How many rows a statement without rows has changed, by its tag. */
    long changed() {
        int space = tag.lastIndexOf(' ');
        boolean isCounted = space > 0 && Character.isDigit(tag.charAt(space + 1));
        return isCounted ? Long.parseLong(tag.substring(space + 1)) : 0;
    }

    String tag() {
        return isTagCounted ? tag + ' ' + fetched : tag;
    }

    void close() {
        var open = rows;
        if (open != null) {
            open.close();
            rows = null;
        }
    }

    // ---- among the portals of its session

    void openedAs(long number) {
        serial = number;
    }

    /** Its place in the order of opening. */
    long serial() {
        return serial;
    }

    boolean isHold() {
        return options.isHold();
    }

    /** Its transaction is committed, and it lives on. */
    void hold() {
        isHeld = true;
        serial = -1;
    }

    boolean isHeld() {
        return isHeld;
    }

    SessionObjects.Cursor describe() {
        return new SessionObjects.Cursor(
                name,
                source,
                options.isHold(),
                options.isBinary(),
                options.isScrollable(),
                createdAt);
    }
}
