package io.heliosdb.bench.pubsub;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The data structures a delivery queue could be, without anything around them: one object goes to
 * each of the subscribers' queues, {@code BATCH} times, then every queue is emptied. The time is
 * that of one delivery, in and out.
 *
 * <p>The shared chain is one linked list for the channel with a cursor for each subscriber. It has
 * the cheapest publish, but it knows one channel only: a subscriber of several has to merge, and a
 * bound has to look at every cursor.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class QueueBench {
    private static final int BATCH = 16;
    private static final int SUBSCRIBERS = 1_000;
    private static final int CAPACITY = 65_536;
    private static final Object ITEM = new Object();

    /** Which structure. */
    @Param({"ring", "ConcurrentLinkedQueue", "ArrayBlockingQueue", "chain"})
    public String structure = "ring";

    private final List<Lane> lanes = new ArrayList<>();
    private final AtomicReference<Node> end = new AtomicReference<>(new Node(ITEM));

    private interface Lane {
        void put(Object item);

        @Nullable Object take();
    }

    private static final class Node {
        final Object item;
        volatile @Nullable Node next;

        Node(Object item) {
            this.item = item;
        }
    }

    /** For JMH. */
    public QueueBench() {}

    /** Builds the queues. */
    @Setup
    public void open() {
        lanes.clear();
        for (int i = 0; i < SUBSCRIBERS; i++) {
            lanes.add(
                    switch (structure) {
                        case "ring" -> new RingLane();
                        case "ConcurrentLinkedQueue" ->
                                new QueueLane(new ConcurrentLinkedQueue<>());
                        case "ArrayBlockingQueue" ->
                                new QueueLane(new ArrayBlockingQueue<>(CAPACITY / 64));
                        default -> new Cursor(end.get());
                    });
        }
    }

    /**
     * Puts and takes.
     *
     * @return how many were taken
     */
    @Benchmark
    @OperationsPerInvocation(BATCH * SUBSCRIBERS)
    public int deliver() {
        for (int i = 0; i < BATCH; i++) {
            publish();
        }
        int taken = 0;
        for (var lane : lanes) {
            while (lane.take() != null) {
                taken++;
            }
        }
        return taken;
    }

    private void publish() {
        if (structure.equals("chain")) {
            var node = new Node(ITEM);
            end.get().next = node;
            end.set(node);
            return;
        }
        for (var lane : lanes) {
            lane.put(ITEM);
        }
    }

    /**
     * The shape of the queue in core: one producer, one consumer, a growing array, two positions.
     */
    private static final class RingLane implements Lane {
        private @Nullable Object[] slots = new @Nullable Object[8];
        private final AtomicLong tail = new AtomicLong();
        private final AtomicLong head = new AtomicLong();

        @Override
        public void put(Object item) {
            long position = tail.getPlain();
            if (position - head.getAcquire() == slots.length) {
                grow(position);
            }
            slots[(int) position & (slots.length - 1)] = item;
            tail.setRelease(position + 1);
        }

        @Override
        public @Nullable Object take() {
            long position = head.getPlain();
            if (position == tail.getAcquire()) {
                return null;
            }
            int slot = (int) position & (slots.length - 1);
            var item = slots[slot];
            slots[slot] = null;
            head.setRelease(position + 1);
            return item;
        }

        private void grow(long position) {
            var larger = new @Nullable Object[2 * slots.length];
            for (long i = position - slots.length; i < position; i++) {
                larger[(int) i & (larger.length - 1)] = slots[(int) i & (slots.length - 1)];
            }
            slots = larger;
        }
    }

    private record QueueLane(Queue<Object> queue) implements Lane {
        @Override
        public void put(Object item) {
            if (!queue.offer(item)) {
                throw new IllegalStateException("the queue is full");
            }
        }

        @Override
        public @Nullable Object take() {
            return queue.poll();
        }
    }

    private static final class Cursor implements Lane {
        private Node at;

        Cursor(Node at) {
            this.at = at;
        }

        @Override
        public void put(Object item) {
            throw new IllegalStateException("the chain is appended to once for all");
        }

        @Override
        public @Nullable Object take() {
            var next = at.next;
            if (next == null) {
                return null;
            }
            at = next;
            return next.item;
        }
    }
}
