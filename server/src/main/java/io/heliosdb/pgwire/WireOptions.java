package io.heliosdb.pgwire;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a wire server is told when it starts. The time limits of a session that has logged in, such
 * as {@code idle_session_timeout}, are that session's settings and not here.
 *
 * @param host the address to listen on; null for no TCP at all
 * @param port the port; 0 for any free one
 * @param unixSocket a path for a Unix-domain socket that only its owner may use; null for none
 * @param authentication how a TCP client proves who it is
 * @param tls the server's certificate; null refuses TLS
 * @param connectionsMax sessions at a time ({@code max_connections})
 * @param messageBytesMax the longest message a client may send, below 1 GB
 * @param authenticationTimeout how long logging in may take ({@code authentication_timeout})
 * @param authenticationFailureDelay how long a wrong password waits for its answer
 * @param clientWriteTimeout how long a client may leave its socket full before it is closed, as
 *     {@code tcp_user_timeout} does for a peer that is gone
 * @param closeTimeout how long {@link WireServer#close} gives clients to take its last word
 */
public record WireOptions(
        @Nullable String host,
        int port,
        @Nullable Path unixSocket,
        Authentication authentication,
        @Nullable Tls tls,
        int connectionsMax,
        int messageBytesMax,
        Duration authenticationTimeout,
        Duration authenticationFailureDelay,
        Duration clientWriteTimeout,
        Duration closeTimeout) {
    /** How a client proves who it is. */
    public enum Authentication {
        /** It does not; allowed on loopback addresses only. */
        TRUST,
        /** By SCRAM-SHA-256 with its password. */
        SCRAM_SHA_256
    }

    /**
     * A server certificate in PEM files.
     *
     * @param certificate the certificate, followed by its issuers
     * @param key its private key, in PKCS #8 without a password
     */
    public record Tls(Path certificate, Path key) {}

    /** Checks the bounds. */
    public WireOptions {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("not a port: " + port);
        }
        if (connectionsMax < 1) {
            throw new IllegalArgumentException("connectionsMax must be at least 1");
        }
        if (messageBytesMax < 1024) {
            throw new IllegalArgumentException("messageBytesMax must be at least 1024");
        }
        if (!isPositive(authenticationTimeout)
                || !isPositive(clientWriteTimeout)
                || authenticationFailureDelay.isNegative()
                || closeTimeout.isNegative()) {
            throw new IllegalArgumentException("time limits must be positive");
        }
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    /**
     * A TCP server with PostgreSQL's defaults and trust.
     *
     * @param host the address to listen on
     * @param port the port; 0 for any free one
     * @return the options
     */
    public static WireOptions tcp(String host, int port) {
        return new WireOptions(
                host,
                port,
                null,
                Authentication.TRUST,
                null,
                1000,
                256 * 1024 * 1024,
                Duration.ofMinutes(1),
                Duration.ofMillis(200),
                Duration.ofMinutes(5),
                Duration.ofSeconds(2));
    }

    /**
     * A server without any address: it takes connections that are handed to it.
     *
     * @return the options
     */
    public static WireOptions embedded() {
        var tcp = tcp("127.0.0.1", 0);
        return new WireOptions(
                null,
                0,
                null,
                tcp.authentication,
                null,
                tcp.connectionsMax,
                tcp.messageBytesMax,
                tcp.authenticationTimeout,
                tcp.authenticationFailureDelay,
                tcp.clientWriteTimeout,
                tcp.closeTimeout);
    }

    /**
     * The same options with a Unix-domain socket.
     *
     * @param path where; at most about 100 bytes long
     * @return a copy
     */
    public WireOptions withUnixSocket(Path path) {
        return copy(path, authentication, tls, connectionsMax, messageBytesMax);
    }

    /**
     * The same options with another way to log in.
     *
     * @param method how a TCP client proves who it is
     * @return a copy
     */
    public WireOptions withAuthentication(Authentication method) {
        return copy(unixSocket, method, tls, connectionsMax, messageBytesMax);
    }

    /**
     * The same options with TLS.
     *
     * @param files the certificate and its key
     * @return a copy
     */
    public WireOptions withTls(Tls files) {
        return copy(unixSocket, authentication, files, connectionsMax, messageBytesMax);
    }

    /**
     * The same options with another number of connections.
     *
     * @param most sessions at a time
     * @return a copy
     */
    public WireOptions withConnectionsMax(int most) {
        return copy(unixSocket, authentication, tls, most, messageBytesMax);
    }

    /**
     * The same options with another bound on messages.
     *
     * @param most the longest message, in bytes
     * @return a copy
     */
    public WireOptions withMessageBytesMax(int most) {
        return copy(unixSocket, authentication, tls, connectionsMax, most);
    }

    /**
     * The same options with other limits on logging in.
     *
     * @param timeout how long it may take
     * @param failureDelay how long a wrong password waits for its answer
     * @return a copy
     */
    public WireOptions withAuthenticationTimeout(Duration timeout, Duration failureDelay) {
        return new WireOptions(
                host,
                port,
                unixSocket,
                authentication,
                tls,
                connectionsMax,
                messageBytesMax,
                timeout,
                failureDelay,
                clientWriteTimeout,
                closeTimeout);
    }

    /**
     * The same options with another limit on a client that does not read.
     *
     * @param timeout how long its socket may stay full
     * @return a copy
     */
    public WireOptions withClientWriteTimeout(Duration timeout) {
        return new WireOptions(
                host,
                port,
                unixSocket,
                authentication,
                tls,
                connectionsMax,
                messageBytesMax,
                authenticationTimeout,
                authenticationFailureDelay,
                timeout,
                closeTimeout);
    }

    private WireOptions copy(
            @Nullable Path newUnixSocket,
            Authentication newAuthentication,
            @Nullable Tls newTls,
            int newConnectionsMax,
            int newMessageBytesMax) {
        return new WireOptions(
                host,
                port,
                newUnixSocket,
                newAuthentication,
                newTls,
                newConnectionsMax,
                newMessageBytesMax,
                authenticationTimeout,
                authenticationFailureDelay,
                clientWriteTimeout,
                closeTimeout);
    }
}
