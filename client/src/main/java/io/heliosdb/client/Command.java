package io.heliosdb.client;

import io.heliosdb.pg.PgException;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * What a caller wants done on the listener's connection; the link's thread does it and the caller
 * waits for {@link #result}.
 */
sealed interface Command {
    /** Completed by the link's thread. */
    CompletableFuture<Object> result();

    /** Listen to channels. It is done again on the next connection where one fails under it. */
    record Listen(List<String> channels, CompletableFuture<Object> result) implements Command {}

    /** Stop listening to channels. */
    record Unlisten(List<String> channels, CompletableFuture<Object> result) implements Command {}

    /** Stop listening to all. */
    record UnlistenAll(CompletableFuture<Object> result) implements Command {}

    /** A user's statements. They are done once at most. */
    record Run(Work work, CompletableFuture<Object> result) implements Command {}

    /** Statements on a connection. */
    @FunctionalInterface
    interface Work {
        /** What the caller gets. */
        Object run(Wire wire) throws SQLException;
    }

    /** Waits for the result; a command whose caller was interrupted is not begun any more. */
    default Object await() {
        try {
            return await(result());
        } catch (PgException e) {
            if (Thread.currentThread().isInterrupted()) {
                result().cancel(false);
            }
            throw e;
        }
    }

    /** Waits for a result. */
    static Object await(CompletableFuture<Object> result) {
        try {
            return result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ClientErrors.interrupted();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case PgException refused -> throw refused;
                case RuntimeException failed -> throw failed;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }
}
