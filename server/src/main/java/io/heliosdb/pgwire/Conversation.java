package io.heliosdb.pgwire;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.proto.BackendWriter;
import io.heliosdb.pg.proto.FrontendMessage;
import io.heliosdb.pg.proto.FrontendMessage.Bind;
import io.heliosdb.pg.proto.FrontendMessage.Close;
import io.heliosdb.pg.proto.FrontendMessage.CopyData;
import io.heliosdb.pg.proto.FrontendMessage.CopyDone;
import io.heliosdb.pg.proto.FrontendMessage.CopyFail;
import io.heliosdb.pg.proto.FrontendMessage.Describe;
import io.heliosdb.pg.proto.FrontendMessage.Execute;
import io.heliosdb.pg.proto.FrontendMessage.Flush;
import io.heliosdb.pg.proto.FrontendMessage.FunctionCall;
import io.heliosdb.pg.proto.FrontendMessage.Malformed;
import io.heliosdb.pg.proto.FrontendMessage.Parse;
import io.heliosdb.pg.proto.FrontendMessage.Password;
import io.heliosdb.pg.proto.FrontendMessage.Query;
import io.heliosdb.pg.proto.FrontendMessage.Sync;
import io.heliosdb.pg.proto.FrontendMessage.Terminate;
import io.heliosdb.session.Session;
import io.heliosdb.session.TransactionStatus;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketTimeoutException;

/**
 * What a client and its session say to each other once it has logged in: takes one message after
 * another until the client leaves or something FATAL happens. Confined to the backend's thread.
 */
final class Conversation {
    private final Session session;
    private final Wire wire;
    private final Termination termination;
    private final BackendWriter writer;
    private final IdleLimit idleLimit;
    private final NotificationSender notifications;
    private final ClientCopy copy;
    private final SimpleQuery simple;
    private final ExtendedQuery extended;
    private final FastPath fastPath;

    /** Null where the client speaks SQL alone. */
    private final @Nullable WalSender walSender;

    /** Something was parsed, bound or run that no Sync has ended yet. */
    private boolean inBatch;

    /** An error ended the batch: everything up to Sync is left out. */
    private boolean skipping;

    Conversation(
            Session session, Wire wire, Termination termination, @Nullable WalSender walSender) {
        this.walSender = walSender;
        this.session = session;
        this.wire = wire;
        this.termination = termination;
        writer = wire.output().writer();
        idleLimit = new IdleLimit(session, wire.input());
        notifications =
                new NotificationSender(
                        session.deliveries(), wire.output(), session::takesGaps, termination::end);
        var style = new SessionStyle(session);
        copy = new ClientCopy(wire, termination);
        var results = new ResultWriter(writer, style, copy);
        simple = new SimpleQuery(session, results);
        extended = new ExtendedQuery(session, wire, results, style);
        fastPath = new FastPath(session, wire, style);
    }

    /**
     * Talks until the client leaves.
     *
     * @throws PgException FATAL, what ends the connection; the client has not been told
     */
    void run() throws IOException {
        try {
            ready();
            while (true) {
                var message = next();
                if (message instanceof Terminate) {
                    return;
                }
                answer(message);
            }
        } finally {
            notifications.stop();
        }
    }

    /** Waits for the client's next message. */
    private FrontendMessage next() throws IOException {
        if (!inBatch && !wire.reader().hasBuffered()) {
            return nextCommand();
        }
        try {
            return wire.reader().read();
        } finally {
            termination.check();
        }
    }

    /** The client owes a command: until it comes, its time runs and it may be notified. */
    private FrontendMessage nextCommand() throws IOException {
        boolean isIdle = session.status() == TransactionStatus.IDLE;
        idleLimit.begin(isIdle);
        if (isIdle) {
            wire.output().beginIdle();
        }
        try {
            return wire.reader().read();
        } catch (SocketTimeoutException e) {
            throw IdleLimit.exceeded();
        } finally {
            if (isIdle) {
                wire.output().endIdle();
            }
            idleLimit.end();
            termination.check();
        }
    }

    private void answer(FrontendMessage message) throws IOException {
        if (skipping && !endsBatch(message)) {
            return;
        }
        try {
            dispatch(message);
        } catch (PgException e) {
            failed(e, message);
        }
    }

    private static boolean endsBatch(FrontendMessage message) {
        return message instanceof Sync
                || (message instanceof Malformed malformed && malformed.type() == 'S');
    }

    private void dispatch(FrontendMessage message) throws IOException {
        switch (message) {
            case Query query -> {
                if (walSender == null || !walSender.run(query.sql())) {
                    simple.run(query.sql());
                }
                endBatch();
            }
            case Parse _, Bind _, Describe _, Execute _, Close _ when walSender != null ->
                    throw new PgException(
                            SqlState.PROTOCOL_VIOLATION,
                            "extended query protocol not supported in a replication connection");
            case Parse parse -> {
                inBatch = true;
                extended.parse(parse);
            }
            case Bind bind -> {
                inBatch = true;
                extended.bind(bind);
            }
            case Describe describe -> {
                inBatch = true;
                extended.describe(describe);
            }
            case Execute execute -> {
                inBatch = true;
                extended.execute(execute);
            }
            case Close close -> extended.close(close);
            case Flush flush -> wire.output().flush();
            case Sync sync -> {
                skipping = false;
                session.sync();
                endBatch();
            }
            case FunctionCall call -> {
                fastPath.call(call);
                session.sync();
                endBatch();
            }
            case Malformed malformed -> throw malformed.error();
            // What is left of a COPY that failed.
            case CopyData data -> {}
            case CopyDone done -> {}
            case CopyFail fail -> {}
            case Terminate terminate -> throw new IllegalStateException("Terminate ends the loop");
            case Password password ->
                    throw new IllegalStateException("a password is read on demand only");
        }
    }

    private void endBatch() throws IOException {
        inBatch = false;
        extended.forgetPortalsOutsideBlock();
        ready();
    }

    private void ready() throws IOException {
        var status = session.status();
        if (status == TransactionStatus.IDLE) {
            notifications.startOnceListening();
            notifications.sendWaiting();
        }
        session.tellSettings();
        writer.readyForQuery(status.code());
        wire.output().flush();
    }

    /** Tells the client of an error, and goes on as PostgreSQL does after this kind of message. */
    private void failed(PgException error, FrontendMessage message) throws IOException {
        if (error.report().severity() != Severity.ERROR) {
            throw error;
        }
        writer.abandon();
        writer.error(error.reportWithSource());
        if (copy.isLost()) {
            throw PgException.fatal(
                    SqlState.PROTOCOL_VIOLATION,
                    "terminating connection because protocol synchronization was lost");
        }
        switch (message) {
            case Query query -> endBatch();
            case FunctionCall call -> settle();
            case Malformed m when m.type() == 'Q' || m.type() == 'F' || m.type() == 'S' -> settle();
            case Sync sync -> endBatch();
            default -> {
                session.failBatch();
                skipping = true;
                inBatch = true;
                wire.output().flush();
            }
        }
    }

    /** An error that the session does not know of fails its transaction all the same. */
    private void settle() throws IOException {
        skipping = false;
        session.failBatch();
        session.sync();
        endBatch();
    }
}
