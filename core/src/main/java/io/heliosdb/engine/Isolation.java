package io.heliosdb.engine;

import org.h2.engine.IsolationLevel;

/** The isolation of a transaction. READ UNCOMMITTED is READ COMMITTED, as in PostgreSQL. */
public enum Isolation {
    /** Every statement sees what is committed when it begins. */
    READ_COMMITTED(IsolationLevel.READ_COMMITTED),
    /** Every statement sees what was committed when the transaction's first one began. */
    REPEATABLE_READ(IsolationLevel.SNAPSHOT),
    /** As {@link #REPEATABLE_READ}; anomalies between concurrent writers are not detected. */
    SERIALIZABLE(IsolationLevel.SNAPSHOT);

    final IsolationLevel level;

    Isolation(IsolationLevel level) {
        this.level = level;
    }
}
