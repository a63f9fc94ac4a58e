package io.heliosdb.pubsub;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Closed;
import io.heliosdb.pg.Delivery.ConnectionLost;
import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.Delivery.Reconnected;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A subscription seen as notifications alone. Where something was lost, and where the subscription
 * ended, it throws: what came before is given first. One thread at a time.
 */
public final class Notifications {
    private final Subscription subscription;

    /** Taken by a poll, after something that has to be thrown. */
    private final ArrayDeque<Delivery> rest = new ArrayDeque<>();

    Notifications(Subscription subscription) {
        this.subscription = subscription;
    }

    /**
     * Takes all notifications that wait, up to a loss; never blocks.
     *
     * @return in order; empty where nothing waits
     * @throws PgException 54000 for a loss, the cause for the end or 55000 where the owner closed
     */
    public List<Notification> poll() {
        rest.addAll(subscription.poll());
        if (rest.isEmpty()) {
            return List.of();
        }
        var taken = new ArrayList<Notification>(rest.size());
        while (rest.peek() instanceof Notification notification) {
            taken.add(notification);
            rest.remove();
        }
        if (taken.isEmpty()) {
            requireNotification(rest.remove()).ifPresent(taken::add);
        }
        return taken;
    }

    /**
     * Takes the next notification, and waits for it.
     *
     * @param timeout how long to wait
     * @return empty where nothing came in time
     * @throws InterruptedException where the thread is interrupted while it waits; nothing is taken
     *     then
     * @throws PgException as {@link #poll}
     */
    public Optional<Notification> receive(Duration timeout) throws InterruptedException {
        var next = rest.isEmpty() ? subscription.receive(timeout) : Optional.of(rest.remove());
        return next.flatMap(Notifications::requireNotification);
    }

    /**
     * Everything from now on, as it comes; it ends where the owner closes.
     *
     * @return sequential and ordered; throws as {@link #poll}
     */
    public Stream<Notification> stream() {
        return Stream.concat(rest.stream(), subscription.stream())
                .takeWhile(delivery -> !isClosedByOwner(delivery))
                .flatMap(delivery -> requireNotification(delivery).stream());
    }

    /**
     * Hands every notification to a handler, one at a time, on a virtual thread of its own. A loss
     * is reported once and ends the subscription, as what the handler throws does.
     *
     * @param handler foreign code
     * @return this view
     */
    public Notifications onNotification(Consumer<? super Notification> handler) {
        subscription.onDelivery(delivery -> {
            if (!(delivery instanceof Closed)) {
                requireNotification(delivery).ifPresent(handler);
            }
        });
        return this;
    }

    private static boolean isClosedByOwner(Delivery delivery) {
        return delivery instanceof Closed(var cause) && cause == null;
    }

    private static Optional<Notification> requireNotification(Delivery delivery) {
        return switch (delivery) {
            case Notification notification -> Optional.of(notification);
            case Gap gap -> throw lost(gap);
            case Closed(var cause) when cause == null -> throw closed();
            case Closed(var cause) -> throw new PgException(cause.report(), cause);
            case ConnectionLost(var cause) ->
                    throw new PgException(
                                    SqlState.CONNECTION_FAILURE,
                                    "the connection was lost: " + cause)
                            .withHint(
                                    "Take deliveries instead of notifications to go on after a"
                                            + " reconnect.");
            case Reconnected() -> Optional.empty();
        };
    }

    private static PgException lost(Gap gap) {
        var count = gap.missed() < 0 ? "an unknown number of" : Long.toString(gap.missed());
        return new PgException(SqlState.PROGRAM_LIMIT_EXCEEDED, "notifications were lost")
                .withDetail("%s between %s and %s".formatted(count, gap.from(), gap.to()))
                .withHint("Take deliveries instead of notifications to go on after a gap.");
    }

    private static PgException closed() {
        return new PgException(
                SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "the subscription is closed");
    }
}
