package io.heliosdb.session;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Statement.Fetch;
import io.heliosdb.sql.Statement.Fetch.Direction;

/**
 * Where a portal stands in its rows: before the first, on one, or after the last. Moves as
 * PostgreSQL's portals do, including what a move that comes to nothing leaves behind.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-fetch.html">PostgreSQL: FETCH</a>
 */
final class PortalPosition {
    /**
     * Rows to give out.
     *
     * @param first the index of the first, from 0
     * @param step 1 or -1
     * @param count how many
     */
    record Span(long first, int step, long count) {}

    private final boolean isScrollable;
    private boolean atStart = true;
    private boolean atEnd;

    /** How many rows lie before this place, the one it stands on included. */
    private long passed;

    PortalPosition(boolean isScrollable) {
        this.isScrollable = isScrollable;
    }

    boolean isScrollable() {
        return isScrollable;
    }

    boolean isAtEnd() {
        return atEnd;
    }

    /** The index of the row it stands on; -1 where it stands on none. */
    long current() {
        return atStart || atEnd ? -1 : passed - 1;
    }

    /** Goes on by a number of rows, {@link Fetch#ALL} for all. */
    Span forward(long size, long count) {
        if (atEnd || count <= 0) {
            return new Span(passed, 1, 0);
        }
        long first = passed;
        long given = Math.min(count, size - passed);
        if (given > 0) {
            atStart = false;
        }
        if (count == Fetch.ALL || given < count) {
            atEnd = true;
        }
        passed += given;
        return new Span(first, 1, given);
    }

    /** Goes on by a row, or to the end where there is none. */
    void next(boolean hasRow) {
        if (hasRow) {
            passed++;
            atStart = false;
        } else {
            atEnd = true;
        }
    }

    private Span backward(long count) {
        requireScrollable();
        if (atStart || count <= 0) {
            return new Span(passed, -1, 0);
        }
        long available = atEnd ? passed : passed - 1;
        long given = Math.min(count, available);
        long first = available - 1;
        if (given > 0 && atEnd) {
            atEnd = false;
            passed++;
        }
        if (count == Fetch.ALL || given < count) {
            atStart = true;
            passed = 0;
        } else {
            passed -= given;
        }
        return new Span(first, -1, given);
    }

    private void rewind() {
        if (atStart && !atEnd) {
            return;
        }
        requireScrollable();
        atStart = true;
        atEnd = false;
        passed = 0;
    }

    /**
     * Goes where FETCH or MOVE says.
     *
     * @return the rows that FETCH gives; as many as MOVE counts
     * @throws PgException 55000 for a way back that the cursor does not have
     */
    Span move(Fetch fetch, long size) {
        long count = fetch.count();
        return switch (fetch.direction()) {
            case FORWARD -> along(fetch, size, Direction.FORWARD, count);
            case BACKWARD -> along(fetch, size, Direction.BACKWARD, count);
            case ABSOLUTE -> absolute(size, count);
            case RELATIVE -> relative(fetch, size, count);
        };
    }

    private Span along(Fetch fetch, long size, Direction direction, long count) {
        boolean isForward = direction == Direction.FORWARD;
        if (count < 0) {
            return along(fetch, size, isForward ? Direction.BACKWARD : Direction.FORWARD, -count);
        }
        if (count == 0) {
            return again(fetch, size, isForward);
        }
        if (!isForward && count == Fetch.ALL && fetch.isMove()) {
            long moved = passed > 0 && !atEnd ? passed - 1 : passed;
            rewind();
            return new Span(0, 1, moved);
        }
        return isForward ? forward(size, count) : backward(count);
    }

    /** The row it stands on, once more. */
    private Span again(Fetch fetch, long size, boolean isForward) {
        long on = current();
        if (fetch.isMove()) {
            return new Span(passed, 1, on >= 0 ? 1 : 0);
        }
        if (on >= 0) {
            backward(1);
            return forward(size, 1);
        }
        return isForward ? forward(size, 0) : backward(0);
    }

    private Span absolute(long size, long count) {
        if (count > 0) {
            if (count - 1 <= passed / 2) {
                rewind();
                forward(size, count - 1);
            } else {
                long from = atEnd ? passed + 1 : passed;
                if (count <= from) {
                    backward(from - count + 1);
                } else {
                    forward(size, count - from - 1);
                }
            }
            return forward(size, 1);
        }
        if (count < 0) {
            forward(size, Fetch.ALL);
            if (count < -1) {
                backward(-count - 1);
            }
            return backward(1);
        }
        rewind();
        return forward(size, 0);
    }

    private Span relative(Fetch fetch, long size, long count) {
        if (count > 0) {
            forward(size, count - 1);
            return forward(size, 1);
        }
        if (count < 0) {
            if (count < -1) {
                backward(-count - 1);
            }
            return backward(1);
        }
        return again(fetch, size, true);
    }

    private void requireScrollable() {
        if (!isScrollable) {
            throw new PgException(
                            SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                            "cursor can only scan forward")
                    .withHint("Declare it with SCROLL option to enable backward scan.");
        }
    }
}
