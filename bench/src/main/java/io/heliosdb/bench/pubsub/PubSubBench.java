package io.heliosdb.bench.pubsub;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pubsub.PubSub;
import io.heliosdb.pubsub.PubSubOptions;
import io.heliosdb.pubsub.Subscription;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The whole of publish and subscribe on one thread: what one call costs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PubSubBench {
    /** How many listen to the channel. */
    @Param({"1", "1000"})
    public int subscribers = 1;

    /** How many listen to channels of their own: they must cost nothing. */
    @Param({"0", "1000"})
    public int idle;

    private final PubSub pubsub = PubSub.open(PubSubOptions.defaults());
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final Subscription silent = pubsub.subscribe("silent");

    /** For JMH. */
    public PubSubBench() {}

    /** Subscribes. */
    @Setup
    public void open() {
        for (int i = 0; i < subscribers; i++) {
            subscriptions.add(pubsub.subscribe("orders"));
        }
        for (int i = 0; i < idle; i++) {
            subscriptions.add(pubsub.subscribe("idle-" + i));
        }
    }

    /** Closes everything. */
    @TearDown
    public void close() {
        subscriptions.forEach(Subscription::close);
        subscriptions.clear();
        pubsub.close();
    }

    /**
     * One transaction to all, and every subscriber polls.
     *
     * @param blackhole takes what was received
     */
    @Benchmark
    public void notifyAndPoll(Blackhole blackhole) {
        pubsub.notify("orders", "payload");
        for (int i = 0; i < subscribers; i++) {
            blackhole.consume(subscriptions.get(i).poll());
        }
    }

    /** One transaction that nobody hears. */
    @Benchmark
    public void notifyNobody() {
        pubsub.notify("nobody", "payload");
    }

    /**
     * A poll that finds nothing.
     *
     * @return nothing
     */
    @Benchmark
    public List<Delivery> pollEmpty() {
        return silent.poll();
    }

    /** A subscription comes and goes. */
    @Benchmark
    public void subscribeAndClose() {
        pubsub.subscribe("new").close();
    }
}
