package io.heliosdb.pgwire;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.proto.BackendWriter;
import io.heliosdb.pg.proto.ScramServer;
import io.heliosdb.pg.proto.ScramVerifier;
import io.heliosdb.pgwire.WireOptions.Authentication;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Finds out whether a client is who it says it is. A role that does not exist, one that may not log
 * in and one without a password look the same as a wrong password: the conversation goes on to its
 * end with a verifier that nothing fits, and the answer waits.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sasl-authentication.html">PostgreSQL: SASL
 *     authentication</a>
 */
final class Authenticator {
    private final BackendContext context;
    private final Wire wire;
    private final BackendWriter writer;

    Authenticator(BackendContext context, Wire wire) {
        this.context = context;
        this.wire = wire;
        writer = wire.output().writer();
    }

    /**
     * Asks the client for what the method asks for.
     *
     * @throws PgException FATAL 28P01 for a wrong password, 08P01 for what is no answer
     */
    void authenticate(String user, Authentication method) throws IOException {
        switch (method) {
            case TRUST -> {}
            case SCRAM_SHA_256 -> scram(user);
        }
        writer.authenticationOk();
    }

    private void scram(String user) throws IOException {
        writer.authenticationSasl(List.of(ScramVerifier.MECHANISM));
        wire.output().flush();
        var scram = new ScramServer(verifier(user), context.random());
        writer.authenticationSaslContinue(scram.first(clientFirst()));
        wire.output().flush();
        var last = scram.last(wire.reader().readPassword().bytes());
        if (last.isEmpty()) {
            throw refused(user);
        }
        writer.authenticationSaslFinal(last.get());
    }

    private ScramVerifier verifier(String user) {
        return context.instance()
                .verifier(user)
                .flatMap(ScramVerifier::parse)
                .orElseGet(() -> ScramVerifier.mock(user, context.mockSecret()));
    }

    /** The client's first message, which may come with its choice of mechanism or after it. */
    private byte[] clientFirst() throws IOException {
        var initial = wire.reader().readPassword().saslInitialResponse();
        if (!initial.mechanism().equals(ScramVerifier.MECHANISM)) {
            throw PgException.fatal(
                    SqlState.PROTOCOL_VIOLATION,
                    "client selected an invalid SASL authentication mechanism");
        }
        var data = Optional.ofNullable(initial.data());
        if (data.isPresent()) {
            return data.get();
        }
        writer.authenticationSaslContinue(new byte[0]);
        wire.output().flush();
        return wire.reader().readPassword().bytes();
    }

    private PgException refused(String user) {
        context.log().closed(wire.peer(), "password authentication failed");
        LockSupport.parkNanos(context.options().authenticationFailureDelay().toNanos());
        return PgException.fatal(
                SqlState.INVALID_PASSWORD,
                "password authentication failed for user \"" + user + '"');
    }
}
