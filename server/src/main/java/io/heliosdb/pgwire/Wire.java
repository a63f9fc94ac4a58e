package io.heliosdb.pgwire;

import io.heliosdb.pg.proto.FrontendReader;

import java.io.IOException;

import javax.net.ssl.SSLContext;

/**
 * One connection's two directions, with the protocol's messages on them. Confined to the backend's
 * thread, but for {@link #endInput} and {@link #close}.
 */
final class Wire implements AutoCloseable {
    private final ClientInput input;
    private final ClientOutput output;
    private final FrontendReader reader;
    private volatile Transport transport;

    Wire(Transport transport, WriteWatch writeWatch, int messageBytesMax) {
        this.transport = transport;
        input = new ClientInput(transport);
        output = new ClientOutput(transport, writeWatch);
        reader = new FrontendReader(input, messageBytesMax);
    }

    String peer() {
        return transport.peer();
    }

    ClientInput input() {
        return input;
    }

    ClientOutput output() {
        return output;
    }

    FrontendReader reader() {
        return reader;
    }

    /** Whether this kind of connection can be encrypted, and is not yet. */
    boolean canStartTls() {
        return transport.canStartTls();
    }

    /** Goes on under TLS; the handshake comes with the next read. */
    void startTls(SSLContext context) throws IOException {
        var encrypted = transport.startTls(context);
        transport = encrypted;
        input.replace(encrypted);
        output.replace(encrypted);
    }

    void endInput() {
        transport.endInput();
    }

    /** Ends both directions at once; any thread. */
    @Override
    public void close() {
        output.close();
        transport.close();
    }
}
