package io.heliosdb.engine;

import org.h2.engine.SessionLocal;
import org.h2.value.Value;

/**
 * What the store's own triggers do around a call that may run statements in the session that is in
 * the middle of one: no commit, no change of the last identity.
 */
final class NestedCall implements AutoCloseable {
    private final SessionLocal session;
    private final Value identity;
    private final boolean wasDisabled;
    private final boolean wasLazy;

    NestedCall(SessionLocal session) {
        this.session = session;
        identity = session.getLastIdentity();
        wasDisabled = session.setCommitOrRollbackDisabled(true);
        wasLazy = session.isLazyQueryExecution();
        session.setLazyQueryExecution(false);
    }

    @Override
    public void close() {
        session.setLastIdentity(identity);
        session.setCommitOrRollbackDisabled(wasDisabled);
        session.setLazyQueryExecution(wasLazy);
    }
}
