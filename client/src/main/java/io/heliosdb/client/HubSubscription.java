package io.heliosdb.client;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Closed;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One subscriber of a {@link ListenerHub}: a bounded buffer, and a handler that is called for one
 * delivery at a time. There is a virtual thread only while there is something to hand over.
 */
public final class HubSubscription implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HubSubscription.class.getName());

    private final ListenerHub hub;
    private final Set<String> channels;
    private final Consumer<? super Delivery> handler;
    private final DeliveryBuffer buffer;

    /** Whether a thread hands over, or is about to. */
    private final AtomicBoolean running = new AtomicBoolean();

    /** The thread that hands over; written by itself. */
    private volatile @Nullable Thread runner;

    private final AtomicBoolean closed = new AtomicBoolean();

    HubSubscription(
            ListenerHub hub,
            Set<String> channels,
            ListenerOptions options,
            Consumer<? super Delivery> handler) {
        this.hub = hub;
        this.channels = channels;
        this.handler = handler;
        buffer = new DeliveryBuffer(options.capacity(), options.overflow(), () -> {});
    }

    /**
     * What it subscribes to.
     *
     * @return bare names
     */
    public Set<String> channels() {
        return channels;
    }

    /**
     * Ends the subscription. What its buffer holds is dropped; a call of the handler that runs is
     * not waited for. A channel that nobody else subscribes to is unlistened. Again without effect.
     */
    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            hub.unsubscribe(this);
        }
    }

    /** Called by the hub's thread. */
    void put(Delivery delivery) {
        buffer.accept(delivery);
        if (!running.get() && !running.getAndSet(true)) {
            Thread.ofVirtual().name("heliosdb-subscriber").start(this::handOver);
        }
    }

    /** Whether nothing is handed over by another thread, nor will be before something is put. */
    boolean isIdle() {
        return !running.get() || Thread.currentThread().equals(runner);
    }

    private void handOver() {
        try {
            runner = Thread.currentThread();
            do {
                Delivery delivery;
                while (!closed.get() && (delivery = buffer.take(0)) != null) {
                    handler.accept(delivery);
                    if (delivery instanceof Closed) {
                        close();
                    }
                }
                running.set(false);
                // Something may have been put between the last look and the flag.
            } while (!closed.get() && buffer.isReady() && !running.getAndSet(true));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "a delivery handler failed; its subscription ends", e);
            close();
        }
    }
}
