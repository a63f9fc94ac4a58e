package io.heliosdb.session;

import io.heliosdb.engine.Isolation;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.util.ArrayList;
import java.util.List;

/**
 * The transaction of a session, as PostgreSQL's block states have it: none, implicit (opened by a
 * statement, a query string or a batch), an explicit block, or a failed block. It owns the
 * savepoints; what a transaction consists of, it asks of its {@link Work}. Confined to the session.
 *
 * @see <a href="https://www.postgresql.org/docs/15/protocol-flow.html">PostgreSQL: implicit
 *     transactions of a query string and of a batch</a>
 */
final class TransactionBlock {
    /**
     * What a transaction consists of: rows, effects, triggers and settings, undone and committed
     * together.
     */
    interface Work {
        void begin(Isolation isolation, boolean isReadOnly);

        void commit();

        void rollback();

        Object mark();

        void rollbackTo(Object mark);
    }

    enum State {
        NONE,
        IMPLICIT,
        BLOCK,
        FAILED
    }

    private record Savepoint(String name, Object mark) {}

    private final Work work;
    private final List<Savepoint> savepoints = new ArrayList<>();
    private State state = State.NONE;

    /** Nothing of a failed block is left to undo. */
    private boolean isUndone;

    TransactionBlock(Work work) {
        this.work = work;
    }

    State state() {
        return state;
    }

    boolean isBlock() {
        return state == State.BLOCK || state == State.FAILED;
    }

    TransactionStatus status() {
        return switch (state) {
            case NONE, IMPLICIT -> TransactionStatus.IDLE;
            case BLOCK -> TransactionStatus.IN_BLOCK;
            case FAILED -> TransactionStatus.FAILED;
        };
    }

    /** Opens the implicit transaction that a statement outside a block runs in. */
    void open(Isolation isolation, boolean isReadOnly) {
        if (state == State.NONE) {
            work.begin(isolation, isReadOnly);
            state = State.IMPLICIT;
        }
    }

    /** Turns the implicit transaction, with what it has done, into a block. */
    void beginBlock() {
        state = State.BLOCK;
    }

    /**
     * Commits whatever is open; a failed block is rolled back instead.
     *
     * @return whether it was committed
     */
    boolean commit() {
        if (state == State.FAILED) {
            rollback();
            return false;
        }
        if (state == State.NONE) {
            return true;
        }
        try {
            work.commit();
        } catch (RuntimeException | Error e) {
            rollback();
            throw e;
        }
        ended();
        return true;
    }

    void rollback() {
        if (state != State.NONE) {
            try {
                if (!isUndone) {
                    work.rollback();
                }
            } finally {
                ended();
            }
        }
    }

    /** Commits what a statement, a query string or a batch has opened; a block stays as it is. */
    void endImplicit() {
        if (state == State.IMPLICIT) {
            commit();
        }
    }

    /**
     * A statement failed: what has been done since the last savepoint is undone at once, so that
     * nobody waits for its locks; an implicit transaction ends, a block waits for its end.
     */
    void fail() {
        switch (state) {
            case NONE, FAILED -> {}
            case IMPLICIT -> rollback();
            case BLOCK -> {
                state = State.FAILED;
                if (savepoints.isEmpty()) {
                    isUndone = true;
                    work.rollback();
                } else {
                    work.rollbackTo(savepoints.getLast().mark);
                }
            }
        }
    }

    void savepoint(String name) {
        savepoints.add(new Savepoint(name, work.mark()));
    }

    void release(String name) {
        int index = requireSavepoint(name);
        savepoints.subList(index, savepoints.size()).clear();
    }

    /** Undoes what came after the savepoint, which stays; a failed block goes on. */
    void rollbackTo(String name) {
        int index = requireSavepoint(name);
        work.rollbackTo(savepoints.get(index).mark);
        savepoints.subList(index + 1, savepoints.size()).clear();
        state = State.BLOCK;
    }

    /**
     * The rows before this point have been committed by DDL; savepoints now lead back to here at
     * most.
     */
    void rebaseSavepoints() {
        if (!savepoints.isEmpty()) {
            var mark = work.mark();
            savepoints.replaceAll(savepoint -> new Savepoint(savepoint.name, mark));
        }
    }

    private int requireSavepoint(String name) {
        for (int i = savepoints.size() - 1; i >= 0; i--) {
            if (savepoints.get(i).name.equals(name)) {
                return i;
            }
        }
        throw new PgException(
                SqlState.INVALID_SAVEPOINT_SPECIFICATION,
                "savepoint \"" + name + "\" does not exist");
    }

    private void ended() {
        savepoints.clear();
        isUndone = false;
        state = State.NONE;
    }
}
