package io.heliosdb.engine;

import org.h2.engine.SessionLocal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Rolls a session back to a place in its undo log. */
final class Savepoints {
    private static final VarHandle POSITION;

    static {
        try {
            POSITION =
                    MethodHandles.privateLookupIn(
                                    SessionLocal.Savepoint.class, MethodHandles.lookup())
                            .findVarHandle(
                                    SessionLocal.Savepoint.class,
                                    "transactionSavepoint",
                                    long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Savepoints() {}

    static void rollbackTo(SessionLocal session, long logId) {
        if (session.getTransaction().setSavepoint() < logId) {
            return; // The transaction was rolled back to before it, by a deadlock.
        }
        var savepoint = new SessionLocal.Savepoint();
        POSITION.set(savepoint, logId);
        session.rollbackTo(savepoint);
    }
}
