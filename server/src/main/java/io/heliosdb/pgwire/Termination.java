package io.heliosdb.pgwire;

import io.heliosdb.pg.PgException;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReference;

/**
 * How a connection is ended by another thread: the first one leaves its reason and ends the input,
 * so that the backend's thread, alone, says it to the client and closes.
 */
final class Termination {
    private final AtomicReference<@Nullable PgException> reason = new AtomicReference<>();
    private final Wire wire;

    Termination(Wire wire) {
        this.wire = wire;
    }

    /** Ends the connection; any thread, never blocks. */
    void end(PgException because) {
        if (reason.compareAndSet(null, because)) {
            wire.endInput();
        }
    }

    /**
     * Looks for a reason to end.
     *
     * @throws PgException FATAL, the reason
     */
    void check() {
        var because = reason.get();
        if (because != null) {
            throw because;
        }
    }
}
