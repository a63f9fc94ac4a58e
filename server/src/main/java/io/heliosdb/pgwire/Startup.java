package io.heliosdb.pgwire;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.proto.StartupPacket;

import java.io.IOException;
import java.util.Optional;

/**
 * What comes before a client says who it is: requests for encryption, for the cancelling of a
 * statement, and the version of the protocol.
 *
 * @see <a href="https://www.postgresql.org/docs/15/protocol-flow.html#id-1.10.6.7.3">PostgreSQL:
 *     start-up</a>
 */
final class Startup {
    /** The version that a request for TLS would be, were it one for a session. */
    private static final int REQUEST_MAJOR = 1234;

    private static final int SSL_MINOR = 5679;
    private static final int GSS_ENC_MINOR = 5680;

    private final BackendContext context;
    private final Wire wire;

    Startup(BackendContext context, Wire wire) {
        this.context = context;
        this.wire = wire;
    }

    /**
     * Talks until the client asks for a session.
     *
     * @return what it asks for; empty where it wanted something else, which is done
     */
    Optional<StartupRequest> negotiate() throws IOException {
        boolean tlsAsked = false;
        boolean gssAsked = false;
        while (true) {
            switch (wire.reader().readStartup()) {
                case StartupPacket.SslRequest request -> {
                    if (tlsAsked) {
                        return refuse(REQUEST_MAJOR, SSL_MINOR);
                    }
                    tlsAsked = true;
                    answerTls();
                }
                case StartupPacket.GssEncRequest request -> {
                    if (gssAsked) {
                        return refuse(REQUEST_MAJOR, GSS_ENC_MINOR);
                    }
                    gssAsked = true;
                    wire.output().writer().encryptionAnswer('N');
                }
                case StartupPacket.CancelRequest request -> {
                    context.instance().cancel(request.pid(), request.secret());
                    return Optional.empty();
                }
                case StartupPacket.Unsupported version -> {
                    return refuse(version.major(), version.minor());
                }
                case StartupPacket.Startup packet -> {
                    return Optional.of(accept(packet));
                }
            }
        }
    }

    private void answerTls() throws IOException {
        var writer = wire.output().writer();
        var tls = context.tls();
        if (tls == null || !wire.canStartTls()) {
            writer.encryptionAnswer('N');
            return;
        }
        writer.encryptionAnswer('S');
        if (wire.reader().bufferedBytes() > 0) {
            // Sent before the handshake, maybe by somebody in between who hopes it counts after it.
            throw PgException.fatal(
                            SqlState.PROTOCOL_VIOLATION,
                            "received unencrypted data after SSL request")
                    .withDetail(
                            "This could be either a client-software bug or evidence of an"
                                    + " attempted man-in-the-middle attack.");
        }
        wire.startTls(tls);
    }

    private Optional<StartupRequest> refuse(int major, int minor) throws IOException {
        wire.output().writer().unsupportedProtocol(major, minor);
        wire.output().flush();
        return Optional.empty();
    }

    private StartupRequest accept(StartupPacket.Startup packet) throws IOException {
        var unknown = packet.protocolOptions();
        if (packet.minor() > 0 || !unknown.isEmpty()) {
            wire.output().writer().negotiateProtocolVersion(0, unknown);
        }
        return StartupRequest.of(packet);
    }
}
