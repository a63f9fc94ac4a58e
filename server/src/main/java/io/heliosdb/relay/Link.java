package io.heliosdb.relay;

import java.io.IOException;
import java.util.List;

/** The way to one client. Thread-safe. */
interface Link {
    /** The peer goes away of itself, or the server does. */
    int GOING_AWAY = 1001;

    /** The client broke the protocol. */
    int PROTOCOL_ERROR = 1002;

    /** The client did what it must not, or is not welcome any more. */
    int POLICY_VIOLATION = 1008;

    /** The client sent too much at once. */
    int TOO_LARGE = 1009;

    /** Something failed here. */
    int SERVER_ERROR = 1011;

    /** The client is too slow, or there are too many. */
    int TRY_AGAIN_LATER = 1013;

    /**
     * Sends messages, and returns when the client's socket has taken them.
     *
     * @param messages JSON objects, each whole
     * @throws IOException where the client is gone or has not read for the write timeout; the link
     *     is closed then
     */
    void send(List<Outgoing> messages) throws IOException;

    /** Sends one message. */
    default void send(Outgoing message) throws IOException {
        send(List.of(message));
    }

    /** Asks the client for a sign of life; does not wait for it. */
    void ping();

    /**
     * Ends the connection; a second call does nothing.
     *
     * @param code as WebSocket counts them
     * @param reason told to the client, of at most 120 bytes
     */
    void close(int code, String reason);
}
