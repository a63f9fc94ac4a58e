package io.heliosdb.client;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Closed;

import org.jspecify.annotations.Nullable;

import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Where deliveries are taken from, one at a time and by any thread; the last is {@link Closed}. */
@FunctionalInterface
interface Deliveries {
    /**
     * The next one, and after the end the end again.
     *
     * @return null where nothing came in time
     */
    @Nullable Delivery take(long timeoutNanos) throws InterruptedException;

    /** The next one, however long it takes. */
    default Delivery take() throws InterruptedException {
        while (true) {
            var delivery = take(Long.MAX_VALUE);
            if (delivery != null) {
                return delivery;
            }
        }
    }

    /** All from now on, the end included. */
    default Stream<Delivery> stream() {
        var each =
                new AbstractSpliterator<Delivery>(
                        Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL) {
                    private boolean ended;

                    @Override
                    public boolean tryAdvance(Consumer<? super Delivery> action) {
                        if (ended) {
                            return false;
                        }
                        var delivery = takeForStream();
                        ended = delivery instanceof Closed;
                        action.accept(delivery);
                        return true;
                    }
                };
        return StreamSupport.stream(each, false);
    }

    private Delivery takeForStream() {
        try {
            return take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ClientErrors.interrupted();
        }
    }
}
