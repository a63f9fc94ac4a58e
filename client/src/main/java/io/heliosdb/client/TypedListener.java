package io.heliosdb.client;

import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.PgException;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A listener whose payloads are values. It takes from the listener that it is a view of, and its
 * calls wait, fail and pass over losses as those of {@link PgListener} do. A payload that cannot be
 * read fails the call that took it with 22P02; the next call takes the next one.
 *
 * @param <T> what a payload becomes
 */
public final class TypedListener<T> {
    private final PgListener listener;
    private final Function<String, T> reader;

    /**
     * A value and what it came by.
     *
     * @param value read from the payload
     * @param notification the payload as it came, with its channel and sender
     * @param <T> the value's type
     */
    public record Event<T>(T value, Notification notification) {
        /**
         * Where it was sent.
         *
         * @return the channel's bare name
         */
        public String channel() {
            return notification.channel();
        }
    }

    TypedListener(PgListener listener, Function<String, T> reader) {
        this.listener = listener;
        this.reader = reader;
    }

    /**
     * The next value, however long it takes.
     *
     * @return it and what it came by
     * @throws InterruptedException where the thread is interrupted; nothing is taken then
     * @throws PgException 22P02 for a payload that cannot be read; otherwise as {@link
     *     PgListener#receive()}
     */
    public Event<T> receive() throws InterruptedException {
        return read(listener.receive());
    }

    /**
     * The next value, or word that some may have been missed, as {@link PgListener#tryReceive}.
     *
     * @return empty where something may have been missed
     * @throws InterruptedException where the thread is interrupted; nothing is taken then
     * @throws PgException as {@link #receive()}
     */
    public Optional<Event<T>> tryReceive() throws InterruptedException {
        return listener.tryReceive().map(this::read);
    }

    /**
     * The next value if it comes in time.
     *
     * @param timeout how long to wait
     * @return empty where none came in time
     * @throws InterruptedException where the thread is interrupted; nothing is taken then
     * @throws PgException as {@link #receive()}
     */
    public Optional<Event<T>> receive(Duration timeout) throws InterruptedException {
        return listener.receive(timeout).map(this::read);
    }

    /**
     * Hands every value to a handler, as {@link PgListener#onNotification}. A payload that cannot
     * be read ends the listener as a handler that throws does.
     *
     * @param handler foreign code
     * @return this view
     */
    public TypedListener<T> onEvent(Consumer<? super Event<T>> handler) {
        listener.onNotification(notification -> handler.accept(read(notification)));
        return this;
    }

    private Event<T> read(Notification notification) {
        try {
            return new Event<>(reader.apply(notification.payload()), notification);
        } catch (PgException e) {
            throw e.withWhere("payload of channel \"" + notification.channel() + '"');
        }
    }
}
