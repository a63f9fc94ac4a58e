package io.heliosdb.pgwire;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.proto.SilentClose;
import io.heliosdb.pg.type.Encoding;
import io.heliosdb.pgwire.WireOptions.Authentication;
import io.heliosdb.session.Session;
import io.heliosdb.session.SessionClient;
import io.heliosdb.session.SessionRequest;
import io.heliosdb.session.TransactionStatus;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Optional;

/**
 * The server's end of one connection, from its first byte to its last, on one thread:
 *
 * <pre>
 *   client                                   backend
 *   SSLRequest, GSSENCRequest           ->
 *                                       <-   S (then TLS) or N
 *   StartupMessage                      ->
 *                                       <-   AuthenticationSASL ... AuthenticationOk
 *                                       <-   ParameterStatus*  BackendKeyData  ReadyForQuery
 *   Query                               ->
 *                                       <-   (RowDescription DataRow*)? CommandComplete ...
 *                                       <-   NotificationResponse*  ReadyForQuery
 *   Parse Bind Describe Execute Close   ->
 *                                       <-   an answer to each, sent with Flush, Sync or much data
 *   Sync                                ->
 *                                       <-   NotificationResponse*  ReadyForQuery
 *   Terminate                           ->
 * </pre>
 *
 * <p>After an error in the second form everything up to Sync is skipped. A CancelRequest comes on a
 * connection of its own and gets no answer. Whoever wants to end the connection from outside leaves
 * a reason and ends the input; this thread finds it, says it and closes.
 */
final class Backend implements SessionClient {
    private final BackendContext context;
    private final Authentication authentication;
    private final Wire wire;
    private final Termination termination;

    /** Written by this backend's thread alone. */
    private volatile @Nullable Session session;

    Backend(BackendContext context, Transport transport, Authentication authentication) {
        this.context = context;
        this.authentication = authentication;
        wire = new Wire(transport, context.writeWatch(), context.options().messageBytesMax());
        termination = new Termination(wire);
    }

    /** Serves the client until the connection ends, and leaves nothing behind. */
    void run() {
        try (wire) {
            try {
                serve();
            } catch (PgException e) {
                lastWord(e);
            } catch (RuntimeException | Error e) {
                context.log().fault(wire.peer(), e);
                lastWord(
                        PgException.fatal(
                                SqlState.INTERNAL_ERROR,
                                "terminating connection because of an internal error"));
            }
        } catch (SilentClose e) {
            if (!e.isClean()) {
                context.log().closed(wire.peer(), String.valueOf(e.getMessage()));
            }
        } catch (IOException e) {
            context.log().closed(wire.peer(), String.valueOf(e.getMessage()));
        }
    }

    private void serve() throws IOException {
        wire.input().limit(context.options().authenticationTimeout());
        var request = negotiate();
        if (request.isEmpty()) {
            return;
        }
        if (!context.slots().tryAcquire()) {
            throw PgException.fatal(
                    SqlState.TOO_MANY_CONNECTIONS, "sorry, too many clients already");
        }
        try {
            authenticate(request.get());
            wire.input().unlimit();
            converse(request.get());
        } finally {
            context.slots().release();
        }
    }

    private Optional<StartupRequest> negotiate() throws IOException {
        try {
            return new Startup(context, wire).negotiate();
        } catch (SocketTimeoutException e) {
            termination.check();
            context.log().closed(wire.peer(), "no start-up packet in time");
            return Optional.empty();
        } catch (IOException e) {
            termination.check();
            throw e;
        }
    }

    private void authenticate(StartupRequest request) throws IOException {
        try {
            new Authenticator(context, wire).authenticate(request.user(), authentication);
        } catch (SocketTimeoutException e) {
            throw PgException.fatal(
                    SqlState.QUERY_CANCELED, "canceling authentication due to timeout");
        } catch (PgException e) {
            throw e.withSeverity(Severity.FATAL);
        } catch (IOException e) {
            termination.check();
            throw e;
        }
    }

    private void converse(StartupRequest request) throws IOException {
        try (var opened = open(request)) {
            session = opened;
            var writer = wire.output().writer();
            for (var setting : opened.reportedSettings().entrySet()) {
                writer.parameterStatus(setting.getKey(), setting.getValue());
            }
            writer.backendKeyData(opened.pid(), opened.secretKey());
            try (var walSender = walSender(request, opened)) {
                new Conversation(opened, wire, termination, walSender).run();
            } catch (SilentClose e) {
                if (e.isClean() && opened.status() != TransactionStatus.IDLE) {
                    context.log().closed(wire.peer(), "unexpected EOF with an open transaction");
                }
                throw e;
            }
        }
    }

    /** Null for a connection that speaks SQL alone. */
    private @Nullable WalSender walSender(StartupRequest request, Session opened) {
        if (!request.isReplication()) {
            return null;
        }
        if (!opened.mayReplicate()) {
            throw PgException.fatal(
                    SqlState.INSUFFICIENT_PRIVILEGE,
                    "must be superuser or replication role to start walsender");
        }
        return new WalSender(context.instance(), opened, wire, termination);
    }

    /** Every error on the way into a session ends the connection. */
    private Session open(StartupRequest request) {
        try {
            return context.instance()
                    .openSession(
                            new SessionRequest(
                                    request.user(),
                                    request.database(),
                                    request.settings(),
                                    wire.peer(),
                                    this));
        } catch (PgException e) {
            throw e.withSeverity(Severity.FATAL);
        }
    }

    /** Tells the client why the connection ends. */
    private void lastWord(PgException reason) throws IOException {
        var writer = wire.output().writer();
        writer.abandon();
        writer.error(reason.reportWithSource());
        wire.output().flush();
    }

    @Override
    public void notice(Report report) {
        try {
            wire.output().writer().notice(report);
            wire.output().flush();
        } catch (IOException e) {
            throw ClientGone.because(e);
        }
    }

    @Override
    public void parameterChanged(String name, String value) {
        try {
            wire.output().writer().parameterStatus(name, value);
        } catch (IOException e) {
            throw ClientGone.because(e);
        }
    }

    @Override
    public void encodingChanged(Encoding encoding) {
        wire.reader().encoding(encoding);
        wire.output().writer().encoding(encoding);
    }

    @Override
    public void terminated(PgException reason) {
        termination.end(reason);
    }

    /** Asks the connection to end and to say why; any thread. */
    void terminate(PgException reason) {
        var opened = session;
        if (opened != null) {
            opened.terminate(reason);
        }
        termination.end(reason);
    }

    /** Ends the connection without a word; any thread. */
    void abort() {
        wire.close();
    }
}
