package io.heliosdb.client;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Closed;

import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Deliveries as a reactive stream for one subscriber, on a virtual thread of its own. Nothing is
 * taken before it was asked for, so what is slow fills the listener's buffer, and its policy
 * decides. The end is the last element; then the stream completes.
 */
final class DeliveryPublisher implements Flow.Publisher<Delivery> {
    private final Deliveries source;
    private final AtomicBoolean subscribed;

    /**
     * A publisher.
     *
     * @param taken set by the first subscriber; whoever else consumes by push shares it
     */
    DeliveryPublisher(Deliveries source, AtomicBoolean taken) {
        this.source = source;
        subscribed = taken;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Delivery> subscriber) {
        if (subscribed.getAndSet(true)) {
            subscriber.onSubscribe(new Nothing());
            subscriber.onError(new IllegalStateException("a listener has one subscriber"));
            return;
        }
        var subscription = new Demand(subscriber);
        subscriber.onSubscribe(subscription);
        subscription.start();
    }

    /** The subscription of who came second. */
    private static final class Nothing implements Flow.Subscription {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }

    private final class Demand implements Flow.Subscription, Runnable {
        private final Flow.Subscriber<? super Delivery> subscriber;
        private final Semaphore asked = new Semaphore(0);
        private final AtomicReference<Throwable> refused = new AtomicReference<>();
        private final Thread thread = Thread.ofVirtual().name("heliosdb-publisher").unstarted(this);
        private volatile boolean cancelled;

        Demand(Flow.Subscriber<? super Delivery> subscriber) {
            this.subscriber = subscriber;
        }

        void start() {
            thread.start();
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                refused.set(new IllegalArgumentException("a request is positive: " + n));
                thread.interrupt();
                return;
            }
            // Beyond this no subscriber counts; the semaphore must not overflow.
            int room = Integer.MAX_VALUE - asked.availablePermits() - 1;
            asked.release((int) Math.min(n, Math.max(0, room)));
        }

        @Override
        public void cancel() {
            cancelled = true;
            thread.interrupt();
        }

        @Override
        public void run() {
            try {
                while (!cancelled) {
                    asked.acquire();
                    var delivery = source.take();
                    subscriber.onNext(delivery);
                    if (delivery instanceof Closed) {
                        break;
                    }
                }
                if (!cancelled) {
                    subscriber.onComplete();
                }
            } catch (InterruptedException e) {
                var why = refused.get();
                if (why != null && !cancelled) {
                    subscriber.onError(why);
                }
            }
        }
    }
}
