package io.heliosdb.session;

import org.jspecify.annotations.Nullable;

/**
 * The rows of a cursor, which a FETCH that is not read to its end keeps alive after the cursor is
 * closed. Confined to the session.
 */
final class SharedRows implements Bound.Rows {
    private final Bound.Rows rows;
    private int users = 1;

    SharedRows(Bound.Rows rows) {
        this.rows = rows;
    }

    /** Some of the rows, for one more user. */
    Bound.Rows window(PortalPosition.Span span) {
        users++;
        return new Window(span);
    }

    @Override
    public long count() {
        return rows.count();
    }

    @Override
    public @Nullable Object[] row(long index) {
        return rows.row(index);
    }

    /** One user less; the last one frees the rows. */
    @Override
    public void close() {
        if (--users == 0) {
            rows.close();
        }
    }

    /** What one FETCH gives. */
    private final class Window implements Bound.Rows {
        private final PortalPosition.Span span;
        private boolean isClosed;

        Window(PortalPosition.Span span) {
            this.span = span;
        }

        @Override
        public long count() {
            return span.count();
        }

        @Override
        public @Nullable Object[] row(long index) {
            return SharedRows.this.row(span.first() + span.step() * index);
        }

        @Override
        public void close() {
            if (!isClosed) {
                isClosed = true;
                SharedRows.this.close();
            }
        }
    }
}
