package io.heliosdb;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.session.ResultReceiver;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Turns what a session gives into rows for a consumer, and remembers the count of the last tag. */
final class RowReceiver implements ResultReceiver {
    /** First words of the tags of statements that leave nothing in their session. */
    private static final Set<String> TRACELESS =
            Set.of(
                    "SELECT",
                    "INSERT",
                    "UPDATE",
                    "DELETE",
                    "MERGE",
                    "NOTIFY",
                    "BEGIN",
                    "COMMIT",
                    "ROLLBACK",
                    "SAVEPOINT",
                    "RELEASE");

    private final Consumer<Row> consumer;
    private RowShape shape = new RowShape(List.of());
    private long count;
    private int results;
    private boolean leavesTraces;
    private @Nullable Throwable failure;

    RowReceiver(Consumer<Row> consumer) {
        this.consumer = consumer;
    }

    List<Column> columns() {
        return shape.columns();
    }

    /** How many rows the last statement changed or returned. */
    long count() {
        return count;
    }

    /** How many statements returned rows. */
    int results() {
        return results;
    }

    @Override
    public void columns(List<Column> columns) {
        shape = new RowShape(columns);
        results++;
    }

    @Override
    public void row(@Nullable Object[] values) {
        try {
            consumer.accept(new Row(shape, values));
        } catch (RuntimeException | Error e) {
            failure = e;
            throw new PgException(SqlState.QUERY_CANCELED, "the consumer of the rows failed");
        }
    }

    /**
     * Throws what the consumer has thrown, if it has; inside the session it only ends the
     * statement.
     */
    void rethrow() {
        switch (failure) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> {}
        }
    }

    /**
     * Whether a statement was not one for rows or a transaction, and so may have left something in
     * its session: a setting, a channel it listens to, a temporary table.
     */
    boolean leavesTraces() {
        return leavesTraces;
    }

    @Override
    public void complete(String tag) {
        leavesTraces |= !TRACELESS.contains(tag.split(" ", 2)[0]);
        int digits = tag.lastIndexOf(' ') + 1;
        boolean counts = digits > 0 && Character.isDigit(tag.charAt(digits));
        count = counts ? Long.parseLong(tag, digits, tag.length(), 10) : 0;
    }

    @Override
    public void empty() {
        count = 0;
    }

    @Override
    public void suspended() {
        throw new IllegalStateException("a portal without a row limit was suspended");
    }
}
