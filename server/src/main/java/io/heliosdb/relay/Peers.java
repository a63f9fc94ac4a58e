package io.heliosdb.relay;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.Token;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * All who are connected: how many there may be, and the look after each from time to time. Nothing
 * ticks while nobody is there. Thread-safe.
 */
final class Peers implements AutoCloseable {
    private static final Duration TICK_MAX = Duration.ofSeconds(5);

    private final int max;
    private final Duration tick;
    private final Map<String, Peer> byName = new ConcurrentHashMap<>();
    private final AtomicInteger admitted = new AtomicInteger();
    private final AtomicLong lastNumber = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable ScheduledExecutorService clock;

    @GuardedBy("lock")
    private @Nullable ScheduledFuture<?> ticking;

    @GuardedBy("lock")
    private boolean isClosed;

    /**
     * Nobody is there yet.
     *
     * @param max how many there may be
     * @param idleTimeout the longest silence
     */
    Peers(int max, Duration idleTimeout) {
        this.max = max;
        var quarter = idleTimeout.dividedBy(4);
        tick = quarter.compareTo(TICK_MAX) < 0 ? quarter : TICK_MAX;
    }

    /** Keeps a place for a peer that is about to connect; {@link #leave} gives it back. */
    boolean admit() {
        if (admitted.incrementAndGet() > max) {
            admitted.decrementAndGet();
            return false;
        }
        return true;
    }

    /** Gives back a place that was kept. */
    void leave() {
        admitted.decrementAndGet();
    }

    /** A name that no other peer of this server has had. */
    String newName() {
        return "p" + lastNumber.incrementAndGet();
    }

    void add(Peer peer) {
        byName.put(peer.name(), peer);
        startTicking();
    }

    void remove(Peer peer) {
        byName.remove(peer.name(), peer);
        if (byName.isEmpty()) {
            stopTicking();
        }
    }

    int count() {
        return byName.size();
    }

    List<Peer> all() {
        return List.copyOf(byName.values());
    }

    /**
     * Acknowledges what a consumer has got on whatever connection it has.
     *
     * @throws PgException 42704 where the consumer is not connected
     */
    void acknowledge(String subject, String consumer, Token token) {
        for (var peer : byName.values()) {
            for (var feed : peer.feeds()) {
                if (feed.isOf(subject, consumer)) {
                    feed.acknowledge(token);
                    return;
                }
            }
        }
        throw new PgException(
                SqlState.UNDEFINED_OBJECT, "consumer \"" + consumer + "\" is not connected");
    }

    private void startTicking() {
        lock.lock();
        try {
            if (ticking != null || isClosed) {
                return;
            }
            if (clock == null) {
                clock =
                        Executors.newSingleThreadScheduledExecutor(
                                Thread.ofVirtual().name("heliosdb-peers").factory());
            }
            ticking =
                    clock.scheduleWithFixedDelay(
                            this::look, tick.toNanos(), tick.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            lock.unlock();
        }
    }

    private void stopTicking() {
        lock.lock();
        try {
            if (ticking != null && byName.isEmpty()) {
                ticking.cancel(false);
                ticking = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private void look() {
        var now = Instant.now();
        long nanos = System.nanoTime();
        byName.values().forEach(peer -> peer.check(now, nanos));
    }

    /** Tells every peer that the server goes away. */
    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            if (clock != null) {
                clock.shutdownNow();
            }
        } finally {
            lock.unlock();
        }
        for (var peer : all()) {
            peer.link().close(Link.GOING_AWAY, "the server is shutting down");
            peer.close();
        }
    }
}
