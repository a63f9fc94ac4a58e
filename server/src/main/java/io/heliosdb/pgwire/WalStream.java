package io.heliosdb.pgwire;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.proto.BackendWriter;
import io.heliosdb.pg.proto.FrontendMessage;
import io.heliosdb.pg.proto.FrontendMessage.CopyData;
import io.heliosdb.pg.proto.FrontendMessage.CopyDone;
import io.heliosdb.pg.proto.FrontendMessage.Malformed;
import io.heliosdb.pg.proto.FrontendMessage.Terminate;
import io.heliosdb.pg.type.ByteSink;
import io.heliosdb.replication.ChangeSink;
import io.heliosdb.replication.SenderStatus;
import io.heliosdb.replication.SlotReader;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * A slot's changes on their way to a client, in copy-both mode:
 *
 * <pre>
 *   client                                   server
 *                                       &lt;-   CopyData 'w' (change) ...  CopyData 'k' (keepalive)
 *   CopyData 'r' (standby status)       -&gt;
 *   CopyDone                            -&gt;
 *                                       &lt;-   CopyDone
 * </pre>
 *
 * <p>The backend's thread reads what the client says; a second thread, alone, writes. What goes
 * wrong while writing ends the connection with its reason. A client that says nothing for {@code
 * wal_sender_timeout} is asked after half of it, and gone after all of it.
 *
 * @see <a href="https://www.postgresql.org/docs/15/protocol-replication.html">PostgreSQL: streaming
 *     replication protocol</a>
 */
final class WalStream implements ChangeSink {
    /** Seconds from 1970 to PostgreSQL's epoch, 2000-01-01. */
    private static final long EPOCH_SECONDS = 946_684_800L;

    /** A position without changes is told this much later, so that many are told at once. */
    private static final long TELL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long NEVER = TimeUnit.HOURS.toNanos(1);
    private static final int STATUS_BYTES = 34;

    private final SlotReader reader;
    private final SenderStatus status;
    private final Wire wire;
    private final Termination termination;
    private final BackendWriter writer;
    private final long timeoutNanos;

    /** The client waits for an answer; set by the reading thread, taken by the writing one. */
    private volatile boolean isAsked;

    /** When the client last said something; written by the reading thread. */
    private volatile long heardAt = System.nanoTime();

    /** The streaming shall end; written by the reading thread. */
    private volatile boolean isStopped;

    /** The client has said goodbye in the middle of it; of the reading thread. */
    private boolean hasLeft;

    // Of the writing thread.
    private long askedAt;
    private Lsn told = Lsn.ZERO;
    private long toldAt = System.nanoTime();

    WalStream(
            SlotReader reader,
            SenderStatus status,
            Wire wire,
            Termination termination,
            Duration timeout) {
        this.reader = reader;
        this.status = status;
        this.wire = wire;
        this.termination = termination;
        writer = wire.output().writer();
        timeoutNanos = timeout.isZero() ? NEVER : timeout.toNanos();
    }

    /**
     * Streams until the client ends it.
     *
     * @return whether it did so with CopyDone; else it has left
     */
    boolean run() throws IOException {
        var sender = Thread.ofVirtual().name("heliosdb-walsender").start(this::send);
        try {
            while (!listen(message())) {}
        } finally {
            isStopped = true;
            reader.wake();
            join(sender);
        }
        return !hasLeft;
    }

    private static void join(Thread sender) {
        boolean isInterrupted = false;
        while (true) {
            try {
                sender.join();
                break;
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- what the client says

    private FrontendMessage message() throws IOException {
        try {
            return wire.reader().read();
        } finally {
            termination.check();
        }
    }

    /** Takes a message; true where the client ends the streaming. */
    private boolean listen(FrontendMessage message) throws IOException {
        heardAt = System.nanoTime();
        switch (message) {
            case CopyData(var data) -> reply(ByteBuffer.wrap(data));
            case CopyDone _ -> {
                return true;
            }
            case Terminate _ -> {
                hasLeft = true;
                return true;
            }
            case Malformed malformed -> throw malformed.error().withSeverity(Severity.FATAL);
            default ->
                    throw PgException.fatal(
                            SqlState.PROTOCOL_VIOLATION,
                            "unexpected message while changes are streamed");
        }
        return false;
    }

    private void reply(ByteBuffer data) {
        byte kind = data.hasRemaining() ? data.get() : 0;
        switch (kind) {
            case 'r' -> {
                if (data.limit() != STATUS_BYTES) {
                    throw PgException.fatal(
                            SqlState.PROTOCOL_VIOLATION, "invalid standby status message");
                }
                var write = position(data);
                var flush = position(data);
                var apply = position(data);
                data.getLong();
                boolean wantsReply = data.get() != 0;
                status.replied(write, flush, apply);
                if (flush.value() != 0) {
                    reader.confirm(min(flush, status.sent()));
                }
                if (wantsReply) {
                    isAsked = true;
                    reader.wake();
                }
            }
            // Hot standby feedback is of no use here: nothing is vacuumed.
            case 'h' -> {}
            default ->
                    throw PgException.fatal(
                            SqlState.PROTOCOL_VIOLATION,
                            "unexpected message type \"" + (char) kind + '"');
        }
    }

    private static Lsn position(ByteBuffer data) {
        return new Lsn(Math.max(0, data.getLong()));
    }

    private static Lsn min(Lsn one, Lsn other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    // ---- what is sent

    private void send() {
        try {
            told = reader.position();
            status.sent(told);
            while (!isStopped) {
                sendNext();
            }
        } catch (PgException e) {
            termination.end(e.withSeverity(Severity.FATAL));
        } catch (IOException e) {
            wire.endInput();
        } catch (RuntimeException | Error e) {
            termination.end(
                    PgException.fatal(
                            SqlState.INTERNAL_ERROR,
                            "terminating connection because of an internal error: " + e));
        }
    }

    private void sendNext() throws IOException {
        if (reader.next(this)) {
            status.sent(reader.position());
            return;
        }
        long now = System.nanoTime();
        boolean isBehind = !told.equals(reader.position()) && now - toldAt >= TELL_NANOS;
        boolean isSilent = now - heardAt > timeoutNanos / 2 && askedAt - heardAt < 0;
        if (now - heardAt > timeoutNanos) {
            throw PgException.fatal(
                    SqlState.CONNECTION_FAILURE,
                    "terminating walsender process due to replication timeout");
        }
        if (isAsked || isBehind || isSilent) {
            isAsked = false;
            askedAt = isSilent ? now : askedAt;
            keepalive(isSilent);
        }
        wire.output().flush();
        await(untilDue(now));
    }

    /** Waits for the next commit, a wake, or the time. */
    private void await(long nanos) {
        try {
            reader.await(Duration.ofNanos(nanos));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a sender", e);
        }
    }

    /** How long there is nothing to say if nothing is committed. */
    private long untilDue(long now) {
        long silent = now - heardAt;
        long due = silent > timeoutNanos / 2 ? timeoutNanos - silent : timeoutNanos / 2 - silent;
        boolean isBehind = !told.equals(reader.position());
        long tell = isBehind ? TELL_NANOS - (now - toldAt) : due;
        return Math.max(0, Math.min(due, tell)) + 1_000_000;
    }

    private void keepalive(boolean wantsReply) throws IOException {
        var out = writer.beginCopyData();
        told = reader.position();
        toldAt = System.nanoTime();
        out.putByte('k');
        out.putLong(told.value());
        out.putLong(micros());
        out.putByte(wantsReply ? 1 : 0);
        writer.endDataRow();
        status.sent(told);
    }

    @Override
    public ByteSink begin(Lsn lsn) {
        var out = writer.beginCopyData();
        out.putByte('w');
        out.putLong(lsn.value());
        out.putLong(lsn.value());
        out.putLong(micros());
        told = reader.position();
        toldAt = System.nanoTime();
        return out;
    }

    @Override
    public void end() {
        try {
            writer.endDataRow();
        } catch (IOException e) {
            throw ClientGone.because(e);
        }
    }

    private static long micros() {
        var now = Instant.now();
        return (now.getEpochSecond() - EPOCH_SECONDS) * 1_000_000L + now.getNano() / 1_000L;
    }
}
