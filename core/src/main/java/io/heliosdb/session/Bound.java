package io.heliosdb.session;

import io.heliosdb.pg.Column;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A portal: a prepared statement with its parameters and, once it has started, its rows. Confined
 * to the session.
 */
final class Bound implements Portal {
    /** Where the rows of a portal come from. */
    interface Rows {
        /** Steps to the next row, if there is one. */
        boolean next();

        /** The row, for its receiver to keep. */
        @Nullable Object[] row();

        void close();
    }

    private final String name;
    private final Prepared prepared;
    private final @Nullable Object[] parameters;
    private boolean isStarted;
    private @Nullable Rows rows;
    private String tag = "";
    private boolean isTagCounted;
    private long fetched;
    private boolean isSpent;

    Bound(String name, Prepared prepared, @Nullable Object[] parameters) {
        this.name = name;
        this.prepared = prepared;
        this.parameters = parameters;
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

    void fetched(long count) {
        fetched = count;
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
}
