package io.heliosdb.engine;

/** What a session waits for inside the engine. */
public enum EngineWait {
    /** A transaction that holds a row or a key. */
    TRANSACTION,

    /** The flush of its commit. */
    FLUSH
}
