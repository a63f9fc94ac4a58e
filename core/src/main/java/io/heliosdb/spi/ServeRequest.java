package io.heliosdb.spi;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How to serve PostgreSQL clients.
 *
 * @param host the address to listen on
 * @param port the port; 0 takes any free one
 * @param auth {@code trust} or {@code scram-sha-256}
 * @param connectionsMax how many clients may be connected
 * @param messageBytesMax the longest message of a client
 * @param authenticationTimeout the longest a client may take to log in
 * @param writeTimeout the longest wait for a client that has stopped reading
 * @param tlsCertificate the certificate chain as PEM, where TLS is offered
 * @param tlsKey its private key as PEM
 */
public record ServeRequest(
        String host,
        int port,
        String auth,
        int connectionsMax,
        long messageBytesMax,
        Duration authenticationTimeout,
        Duration writeTimeout,
        Optional<Path> tlsCertificate,
        Optional<Path> tlsKey) {}
