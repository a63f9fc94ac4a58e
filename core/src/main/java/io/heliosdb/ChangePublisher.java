package io.heliosdb;

import io.heliosdb.pg.PgException;

import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A change stream as a reactive stream for one subscriber, on a virtual thread of its own. Nothing
 * is read for it before it asks.
 */
final class ChangePublisher implements Flow.Publisher<Change> {
    private final ChangeStream stream;
    private final AtomicBoolean isTaken;

    ChangePublisher(ChangeStream stream, AtomicBoolean isTaken) {
        this.stream = stream;
        this.isTaken = isTaken;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Change> subscriber) {
        if (isTaken.compareAndSet(false, true)) {
            var demand = new Demand(subscriber);
            stream.atEnd(demand.asked::release);
            subscriber.onSubscribe(demand);
            demand.thread.start();
        } else {
            subscriber.onSubscribe(new Nothing());
            subscriber.onError(
                    new IllegalStateException("a change stream has one subscriber, and it has it"));
        }
    }

    /** What a refused subscriber may ask: nothing comes. */
    private static final class Nothing implements Flow.Subscription {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }

    private final class Demand implements Flow.Subscription, Runnable {
        private final Flow.Subscriber<? super Change> subscriber;
        private final Semaphore asked = new Semaphore(0);
        private final AtomicReference<Throwable> refused = new AtomicReference<>();
        private final Thread thread = Thread.ofVirtual().name("heliosdb-changes").unstarted(this);
        private volatile boolean isCancelled;

        Demand(Flow.Subscriber<? super Change> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                refused.set(new IllegalArgumentException("a request is positive: " + n));
                stream.close();
                return;
            }
            // Beyond this no subscriber counts; the semaphore must not overflow.
            int room = Integer.MAX_VALUE - asked.availablePermits() - 1;
            asked.release((int) Math.min(n, Math.max(0, room)));
        }

        @Override
        public void cancel() {
            isCancelled = true;
            stream.close();
        }

        @Override
        public void run() {
            try (stream) {
                while (true) {
                    asked.acquire();
                    subscriber.onNext(stream.next());
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts a publisher", e);
            } catch (PgException e) {
                ended(e);
            }
        }

        private void ended(PgException reason) {
            var why = refused.get();
            if (isCancelled) {
                return;
            }
            if (why != null) {
                subscriber.onError(why);
            } else if (stream.isClosing()) {
                subscriber.onComplete();
            } else {
                subscriber.onError(reason);
            }
        }
    }
}
