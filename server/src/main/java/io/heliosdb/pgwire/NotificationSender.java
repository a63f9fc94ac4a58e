package io.heliosdb.pgwire;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pubsub.Subscription;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Brings notifications to one client, in the one order of commits, and at the moments that
 * PostgreSQL has:
 *
 * <ul>
 *   <li>after a command or a batch, the backend itself sends what waits, before ReadyForQuery;
 *   <li>to an idle client, a second thread sends it at once. It exists from the session's first
 *       LISTEN on and is parked until there is something to send and the client idles ({@link
 *       ClientOutput#awaitIdle});
 *   <li>in a transaction block, and while a batch has no Sync yet, nothing is sent.
 * </ul>
 *
 * <p>A client that lost something is told so and leaves: FATAL 54000 after what came before, or
 * 22P05 where its encoding cannot hold it. One that has used heliosdb_listen() is told by a notice
 * at the place of the gap, and stays.
 */
final class NotificationSender {
    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    /** How many are sent to an idle client before it may have a command in between. */
    private static final int TURN = 256;

    private final Subscription deliveries;
    private final ClientOutput output;
    private final BooleanSupplier takesGaps;
    private final Consumer<PgException> onLoss;
    private final Consumer<Delivery> send = this::send;
    private @Nullable Thread thread;

    /**
     * Sends what a session receives.
     *
     * @param takesGaps whether the client is told of a loss and stays
     * @param onLoss ends the connection from any thread; must not block
     */
    NotificationSender(
            Subscription deliveries,
            ClientOutput output,
            BooleanSupplier takesGaps,
            Consumer<PgException> onLoss) {
        this.takesGaps = takesGaps;
        this.deliveries = deliveries;
        this.output = output;
        this.onLoss = onLoss;
    }

    /**
     * Writes what waits, for the backend, which is about to say that it is ready.
     *
     * @throws PgException FATAL 54000 where something was lost
     */
    void sendWaiting() {
        if (deliveries.isReady()) {
            deliveries.drainTo(send);
        }
    }

    /** Starts the second thread once the session listens. */
    void startOnceListening() {
        if (thread == null && !deliveries.channels().isEmpty()) {
            output.share();
            thread =
                    Thread.ofVirtual()
                            .name(Thread.currentThread().getName() + "-notify")
                            .start(this::sendWhileIdle);
        }
    }

    /** Lets the second thread end; the subscription is closed by the session. */
    void stop() {
        output.unshare();
    }

    private void sendWhileIdle() {
        try {
            while (deliveries.await(FOREVER) && output.awaitIdle()) {
                try {
                    deliveries.drainTo(send, TURN);
                    output.flush();
                } finally {
                    output.leave();
                }
            }
        } catch (PgException e) {
            onLoss.accept(e);
        } catch (IOException e) {
            onLoss.accept(ClientGone.because(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(Delivery delivery) {
        switch (delivery) {
            case Delivery.Notification n -> send(n);
            case Delivery.Gap gap -> tell(gap);
            case Delivery.Closed closed -> {
                if (closed.cause() != null) {
                    throw lost();
                }
            }
            case Delivery.ConnectionLost lost -> throw new IllegalStateException(lost.toString());
            case Delivery.Reconnected again -> throw new IllegalStateException(again.toString());
        }
    }

    private void send(Delivery.Notification n) {
        try {
            output.writer().notification(n.pid(), n.channel(), n.payload());
        } catch (IOException e) {
            throw ClientGone.because(e);
        } catch (PgException e) {
            // The client's encoding cannot hold it: as PostgreSQL, rather lose the client.
            throw e.withSeverity(Severity.FATAL);
        }
    }

    /** A client that listens by heliosdb_listen() knows of gaps; any other must not go on. */
    private void tell(Delivery.Gap gap) {
        if (!takesGaps.getAsBoolean()) {
            throw lost();
        }
        var count = gap.missed() < 0 ? "an unknown number" : Long.toString(gap.missed());
        var cause = gap.isVolatile() ? " by a crash" : "";
        try {
            output.writer()
                    .notice(
                            new Report(
                                    Severity.NOTICE,
                                    SqlState.SUCCESSFUL_COMPLETION,
                                    "notifications were lost" + cause,
                                    "%s between %s and %s".formatted(count, gap.from(), gap.to()),
                                    null,
                                    0,
                                    null));
        } catch (IOException e) {
            throw ClientGone.because(e);
        }
    }

    private static PgException lost() {
        return PgException.fatal(
                        SqlState.PROGRAM_LIMIT_EXCEEDED,
                        "terminating connection because notifications were lost")
                .withHint(
                        "Read notifications faster and keep transactions short, or raise"
                                + " notification_queue_size.");
    }
}
