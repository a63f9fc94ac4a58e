package io.heliosdb.spi;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How to serve browsers and services over HTTP.
 *
 * @param host the address to listen on
 * @param port the port; 0 takes any free one
 * @param limits what bounds a peer
 * @param access who is let in
 * @param dataDirectory where the console's token is written; empty for nowhere
 */
public record HttpRequest(
        String host, int port, Limits limits, Access access, Optional<Path> dataDirectory) {
    /**
     * What bounds peers.
     *
     * @param peersMax how many may be connected
     * @param subscriptionsMax how many subscriptions each may have
     * @param frameBytesMax the longest message of a peer
     * @param messagesPerSecondMax how many messages a peer may send in a second
     * @param queueSize how many transactions wait for a slow subscription
     * @param unackedMax how many events may wait for their acknowledgement
     * @param idleTimeout the longest silence of a peer
     * @param writeTimeout the longest wait for a peer that has stopped reading
     */
    public record Limits(
            int peersMax,
            int subscriptionsMax,
            int frameBytesMax,
            int messagesPerSecondMax,
            int queueSize,
            int unackedMax,
            Duration idleTimeout,
            Duration writeTimeout) {}

    /**
     * Who is let in.
     *
     * @param anonymousChannels patterns of the channels that anybody may subscribe to
     * @param hosts host names that a request may name, beside localhost and addresses
     * @param origins origins whose pages may connect, beside the server's own
     * @param jwtSecret the file with the secret of HS256
     * @param jwks the file with public keys
     * @param jwtIssuer what {@code iss} must be, where it is asked for
     * @param jwtAudience what {@code aud} must hold, where it is asked for
     * @param apiKeys the file with the keys of services
     */
    public record Access(
            List<String> anonymousChannels,
            List<String> hosts,
            List<String> origins,
            Optional<Path> jwtSecret,
            Optional<Path> jwks,
            Optional<String> jwtIssuer,
            Optional<String> jwtAudience,
            Optional<Path> apiKeys) {
        /** Copies the lists. */
        public Access {
            anonymousChannels = List.copyOf(anonymousChannels);
            hosts = List.copyOf(hosts);
            origins = List.copyOf(origins);
        }
    }
}
