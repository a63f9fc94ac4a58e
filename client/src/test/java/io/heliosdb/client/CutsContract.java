package io.heliosdb.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Closed;
import io.heliosdb.pg.Delivery.ConnectionLost;
import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.Delivery.Reconnected;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Random cuts under load: the numbers that a sender commits are received in order and once, a
 * number is missing only where a loss was announced before the next one, and never one that was
 * sent after the reconnect was announced; where the server keeps a history, none is missing at all.
 * {@code -Dcuts=200} runs as many; {@code -Dcuts.seed} repeats a run.
 */
public abstract class CutsContract {
    private static final String CHANNEL = "Cuts of \"load\"";

    /** The server of these tests. */
    protected abstract TestServer server();

    /** Whether the server brings after a reconnect what was sent before it. */
    protected boolean resumes() {
        return false;
    }

    private enum Kind {
        RESET,
        HALF_OPEN,
        FREEZE
    }

    /** What was received, and how far the sender had come then. */
    private record Received(Delivery delivery, long sentBefore) {}

    @Test
    @Timeout(600)
    void noCutLosesInSilence() throws Exception {
        int cuts = Integer.getInteger("cuts", 25);
        long seed = Long.getLong("cuts.seed", System.nanoTime());
        var random = new Random(seed);
        var options =
                ListenerOptions.DEFAULTS
                        .withBackoff(Duration.ofMillis(1), Duration.ofMillis(20))
                        .withKeepAlive(Duration.ofMillis(100), Duration.ofMillis(150))
                        .withTimeouts(
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(5));
        var sent = new AtomicLong();
        var over = new AtomicBoolean();
        var received = new ArrayList<Received>();
        var reconnects = new Semaphore(0);
        try (var proxy = new CuttableProxy(server().port())) {
            var listener =
                    PgListener.connect(server().url(proxy.port()), new Properties(), options);
            try (listener) {
                listener.listen(CHANNEL);
                listener.onDelivery(delivery -> {
                    received.add(new Received(delivery, sent.get()));
                    if (delivery instanceof Reconnected) {
                        reconnects.release();
                    }
                });
                var sender = CompletableFuture.runAsync(() -> send(sent, over));
                for (int i = 0; i < cuts; i++) {
                    awaitSent(sent, sent.get() + 1 + random.nextInt(200));
                    // A slow machine may have lost the connection without our doing.
                    reconnects.drainPermits();
                    while (!listener.isConnected() || proxy.connections() == 0) {
                        LockSupport.parkNanos(200_000);
                    }
                    cut(proxy, Kind.values()[random.nextInt(Kind.values().length)]);
                    assertThat(reconnects.tryAcquire(20, TimeUnit.SECONDS))
                            .as("seed %d, cut %d: the listener is back", seed, i)
                            .isTrue();
                }
                over.set(true);
                sender.get();
            }
            check(received, sent.get(), "seed " + seed);
            assertThat(proxy.connections()).as("connections after close").isZero();
        }
        assertThat(losses(received)).isGreaterThanOrEqualTo(cuts);
        assertThat(listenerThreads()).as("threads after close").isEmpty();
    }

    private static void cut(CuttableProxy proxy, Kind kind) throws InterruptedException {
        switch (kind) {
            case RESET -> proxy.cut();
            case HALF_OPEN -> {
                proxy.halfOpen();
                awaitNanos(Duration.ofMillis(120));
                proxy.thaw();
            }
            case FREEZE -> {
                proxy.freeze();
                awaitNanos(Duration.ofMillis(350));
                proxy.cut();
                proxy.thaw();
            }
        }
    }

    private static void awaitNanos(Duration time) throws InterruptedException {
        assertThat(new Semaphore(0).tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
    }

    private static void awaitSent(AtomicLong sent, long number) {
        while (sent.get() < number) {
            LockSupport.parkNanos(200_000);
        }
    }

    /** Each number is one commit; counted once it is acknowledged. */
    private void send(AtomicLong sent, AtomicBoolean over) {
        try (var connection = server().connect();
                var statement = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
            statement.setString(1, CHANNEL);
            while (!over.get()) {
                statement.setString(2, String.valueOf(sent.get()));
                statement.execute();
                sent.incrementAndGet();
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Reads the deliveries as a careful user does. */
    private void check(List<Received> received, long sent, String seed) {
        long next = 0;
        boolean lost = false;
        long mayBeMissedBelow = 0;
        for (var one : received) {
            switch (one.delivery()) {
                case Notification n -> {
                    long number = Long.parseLong(n.payload());
                    if (lost && !resumes()) {
                        assertThat(number).as(seed).isGreaterThanOrEqualTo(next);
                        // What was sent after the reconnect was announced is here.
                        assertThat(number).as(seed).isLessThanOrEqualTo(mayBeMissedBelow + 1);
                    } else {
                        assertThat(number).as(seed + ": nothing is missed").isEqualTo(next);
                    }
                    next = number + 1;
                    lost = false;
                }
                case ConnectionLost _ -> lost = true;
                case Reconnected _ -> {
                    assertThat(lost).as(seed).isTrue();
                    mayBeMissedBelow = one.sentBefore();
                }
                case Gap gap -> throw new AssertionError(seed + ": " + gap);
                case Closed _ -> {}
            }
        }
        assertThat(next).as(seed + ": the last one").isEqualTo(sent);
    }

    private static long losses(List<Received> received) {
        return received.stream().filter(r -> r.delivery() instanceof ConnectionLost).count();
    }

    private static List<String> listenerThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("heliosdb-listener"))
                .toList();
    }
}
