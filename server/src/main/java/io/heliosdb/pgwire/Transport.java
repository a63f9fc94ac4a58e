package io.heliosdb.pgwire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

import javax.net.ssl.SSLContext;

/**
 * Two directions of bytes between a client and its backend, whatever carries them: TCP, TLS, a Unix
 * socket or memory. One thread reads; writers take turns; {@link #endInput} and {@link #close} may
 * be called by any thread. An interrupt ends neither a read nor a write.
 */
public interface Transport extends AutoCloseable {
    /**
     * What the peer sends. Its reads throw {@link java.net.SocketTimeoutException} once the read
     * timeout has passed.
     *
     * @return always the same stream
     */
    InputStream input();

    /**
     * What the peer receives; unbuffered.
     *
     * @return always the same stream
     */
    OutputStream output();

    /**
     * How long a later read may wait for its first byte.
     *
     * @param millis at most this long; 0 for ever
     * @throws IOException where the transport is closed
     */
    void readTimeout(int millis) throws IOException;

    /** Ends the reading side: a waiting read returns the end of the stream, and writes go on. */
    void endInput();

    /**
     * Where the peer is, for views and logs.
     *
     * @return such as {@code 127.0.0.1:40312} or {@code [local]}
     */
    String peer();

    /**
     * Whether this kind of transport can go on under TLS, and has not yet.
     *
     * @return whether {@link #startTls} may be called
     */
    default boolean canStartTls() {
        return false;
    }

    /**
     * Goes on under TLS.
     *
     * @param context holds the server's certificate
     * @return the encrypted transport, the handshake not begun; it takes the place of this one
     * @throws IOException from the transport
     */
    default Transport startTls(SSLContext context) throws IOException {
        throw new IllegalStateException("no TLS over " + peer());
    }

    /** Ends both directions at once, whatever waits in them; again without effect. */
    @Override
    void close();
}
