package io.heliosdb.pgwire;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What a client sends, with a time by which it must have come: a limit holds for everything that is
 * read until it is changed, so a client gains nothing by sending byte after byte. Without a limit a
 * read costs nothing more. Confined to the backend's thread.
 */
final class ClientInput extends InputStream {
    private Transport transport;
    private boolean limited;
    private long deadline;

    ClientInput(Transport transport) {
        this.transport = transport;
    }

    /** Reads from another transport from now on, such as the same one under TLS. */
    void replace(Transport next) {
        transport = next;
    }

    /** What is read from now on must have come within this time. */
    void limit(Duration within) {
        limited = true;
        deadline = System.nanoTime() + within.toNanos();
    }

    /** Reads wait for ever from now on. */
    void unlimit() throws IOException {
        if (limited) {
            limited = false;
            transport.readTimeout(0);
        }
    }

    /**
     * Reads a byte.
     *
     * @throws SocketTimeoutException once the time is over
     */
    @Override
    public int read() throws IOException {
        applyLimit();
        return transport.input().read();
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        applyLimit();
        return transport.input().read(bytes, offset, count);
    }

    private void applyLimit() throws IOException {
        if (limited) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new SocketTimeoutException("Read timed out");
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(left) + 1;
            transport.readTimeout((int) Math.min(millis, Integer.MAX_VALUE));
        }
    }
}
