package io.heliosdb.relay;

import org.eclipse.jetty.util.Callback;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The moment at which the client's socket has taken what was written, or never will. */
final class Written implements Callback {
    private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();

    @Override
    public void succeeded() {
        outcome.complete(true);
    }

    @Override
    public void failed(Throwable cause) {
        outcome.completeExceptionally(cause);
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    /**
     * Waits for it.
     *
     * @return false where it did not come in time
     * @throws IOException where the client is gone
     */
    boolean await(Duration timeout) throws IOException {
        try {
            return outcome.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IOException("the client is gone", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a client was written to");
        }
    }
}
