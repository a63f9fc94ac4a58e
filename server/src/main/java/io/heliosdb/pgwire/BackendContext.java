package io.heliosdb.pgwire;

import io.heliosdb.session.Instance;

import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.util.concurrent.Semaphore;

import javax.net.ssl.SSLContext;

/**
 * What the connections of one server share.
 *
 * @param instance the database
 * @param options limits and how clients log in
 * @param tls the server's certificate; null where there is no TLS
 * @param slots one permit for each session that may exist
 * @param writeWatch ends clients that do not read
 * @param log says why connections ended
 * @param random makes nonces
 * @param mockSecret makes the verifiers of roles that do not exist; never changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record BackendContext(
        Instance instance,
        WireOptions options,
        @Nullable SSLContext tls,
        Semaphore slots,
        WriteWatch writeWatch,
        ConnectionLog log,
        SecureRandom random,
        byte[] mockSecret) {
    private static final int SECRET_BYTES = 32;

    static BackendContext of(Instance instance, WireOptions options, @Nullable SSLContext tls) {
        var random = new SecureRandom();
        var secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return new BackendContext(
                instance,
                options,
                tls,
                new Semaphore(options.connectionsMax()),
                new WriteWatch(options.clientWriteTimeout()),
                new ConnectionLog(),
                random,
                secret);
    }
}
