package io.heliosdb.session;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Statement;

import java.util.Optional;

/**
 * DECLARE, FETCH, MOVE and CLOSE. A cursor's rows are computed when it is declared, so that it
 * never sees what changes later.
 */
final class CursorCommands {
    private final SessionState session;
    private final StatementRunner runner;
    private final TransactionCommands transactions;

    CursorCommands(SessionState session, StatementRunner runner, TransactionCommands transactions) {
        this.session = session;
        this.runner = runner;
        this.transactions = transactions;
    }

    String declare(Statement.DeclareCursor declare, Bound bound) {
        var options = declare.options();
        if (!options.isHold() && !session.block().isBlock() && !transactions.isInString()) {
            throw new PgException(
                    SqlState.NO_ACTIVE_SQL_TRANSACTION,
                    "DECLARE CURSOR can only be used in transaction blocks");
        }
        session.portals().requireFree(declare.name());
        var cursor =
                Bound.cursor(
                        declare.name(),
                        bound.prepared().requireInner(),
                        bound.parameters(),
                        declare.source(),
                        options);
        runner.start(cursor);
        session.portals().open(cursor);
        return "DECLARE CURSOR";
    }

    /** FETCH gives its rows through the portal; MOVE has none. */
    void fetch(Statement.Fetch fetch, Bound bound) {
        var cursor = session.portals().requireCursor(fetch.cursor());
        cursor.requireUsable();
        if (!cursor.isStarted()) {
            runner.start(cursor);
        }
        if (cursor.columns() == null) {
            throw cursor.cannotRun();
        }
        if (fetch.isMove()) {
            bound.completed("MOVE " + cursor.move(fetch).count());
        } else {
            bound.opened(cursor.fetch(fetch), "FETCH", true);
        }
    }

    String close(Optional<String> name) {
        if (name.isEmpty()) {
            session.portals().closeAll();
            return "CLOSE CURSOR ALL";
        }
        session.portals().requireCursor(name.get());
        session.portals().close(name.get());
        return "CLOSE CURSOR";
    }
}
