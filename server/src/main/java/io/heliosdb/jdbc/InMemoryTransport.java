package io.heliosdb.jdbc;

import io.heliosdb.pgwire.Transport;

import java.io.InputStream;
import java.io.OutputStream;

/** One end of a connection between a driver and a backend in the same process. */
public final class InMemoryTransport implements Transport {
    /** What one direction holds before its writer waits. */
    private static final int PIPE_BYTES = 16 * 1024;

    private final BytePipe incoming;
    private final BytePipe outgoing;

    private InMemoryTransport(BytePipe incoming, BytePipe outgoing) {
        this.incoming = incoming;
        this.outgoing = outgoing;
    }

    /**
     * Two ends that are connected with each other.
     *
     * @param client what the driver reads and writes
     * @param server what the backend reads and writes
     */
    public record Pair(Transport client, Transport server) {}

    /**
     * Makes a connection.
     *
     * @return its two ends
     */
    public static Pair pair() {
        var toServer = new BytePipe(PIPE_BYTES);
        var toClient = new BytePipe(PIPE_BYTES);
        return new Pair(
                new InMemoryTransport(toClient, toServer),
                new InMemoryTransport(toServer, toClient));
    }

    @Override
    public InputStream input() {
        return incoming.input();
    }

    @Override
    public OutputStream output() {
        return outgoing.output();
    }

    @Override
    public void readTimeout(int millis) {
        incoming.readTimeout(millis);
    }

    @Override
    public void endInput() {
        incoming.endReader();
    }

    @Override
    public String peer() {
        return "[memory]";
    }

    @Override
    public void close() {
        incoming.closeReader();
        outgoing.closeWriter();
    }
}
