package io.heliosdb.client;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * How a {@link PgListener} keeps its connection and how much it buffers.
 *
 * @param reconnect when a lost connection is opened again
 * @param backoffFirst the longest wait before the second attempt; each one after may wait twice as
 *     long. Half of a wait is random, so that many clients do not come back together
 * @param backoffMax the longest wait between two attempts
 * @param keepAlive after how long without a word from the server it is asked for one; zero never
 *     asks
 * @param keepAliveTimeout how long the answer may take. A connection that leads nowhere is found
 *     within the sum of both
 * @param connectTimeout how long one attempt to connect may take, where the listener connects by
 *     URL
 * @param commandTimeout how long one statement on the listener's connection may take; zero sets no
 *     limit
 * @param capacity how many deliveries are buffered
 * @param overflow what happens when that many are
 * @param closeTimeout how long closing may wait for the server and for a handler
 * @param payloads where payloads are that were sent by reference; null where none are
 */
public record ListenerOptions(
        Reconnect reconnect,
        Duration backoffFirst,
        Duration backoffMax,
        Duration keepAlive,
        Duration keepAliveTimeout,
        Duration connectTimeout,
        Duration commandTimeout,
        int capacity,
        Overflow overflow,
        Duration closeTimeout,
        @Nullable PayloadTable payloads) {

    private static final Duration LONGEST = Duration.ofDays(20);

    /**
     * Reconnects at once, after 50 ms to 10 s; asks after 30 s of silence and waits 10 s for the
     * answer; 10 s to connect, 60 s for a statement, 65,536 deliveries, then the server keeps the
     * rest; 10 s to close.
     */
    public static final ListenerOptions DEFAULTS =
            new ListenerOptions(
                    Reconnect.EAGER,
                    Duration.ofMillis(50),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(60),
                    65_536,
                    Overflow.BLOCK,
                    Duration.ofSeconds(10),
                    null);

    /** Rejects times that are negative or beyond 20 days, and a buffer without room. */
    public ListenerOptions {
        requireTime("backoffFirst", backoffFirst, true);
        requireTime("backoffMax", backoffMax, true);
        requireTime("keepAlive", keepAlive, false);
        requireTime("keepAliveTimeout", keepAliveTimeout, true);
        requireTime("connectTimeout", connectTimeout, true);
        requireTime("commandTimeout", commandTimeout, false);
        requireTime("closeTimeout", closeTimeout, true);
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity is at least 1: " + capacity);
        }
    }

    /**
     * The same with another moment to reconnect.
     *
     * @param reconnect when
     * @return a copy
     */
    public ListenerOptions withReconnect(Reconnect reconnect) {
        return new ListenerOptions(
                reconnect,
                backoffFirst,
                backoffMax,
                keepAlive,
                keepAliveTimeout,
                connectTimeout,
                commandTimeout,
                capacity,
                overflow,
                closeTimeout,
                payloads);
    }

    /**
     * The same with other waits between attempts to connect.
     *
     * @param first the longest before the second attempt
     * @param max the longest of all
     * @return a copy
     */
    public ListenerOptions withBackoff(Duration first, Duration max) {
        return new ListenerOptions(
                reconnect,
                first,
                max,
                keepAlive,
                keepAliveTimeout,
                connectTimeout,
                commandTimeout,
                capacity,
                overflow,
                closeTimeout,
                payloads);
    }

    /**
     * The same with another watch over a silent connection.
     *
     * @param after how long a silence is not looked into; zero never looks
     * @param timeout how long the server may take to answer
     * @return a copy
     */
    public ListenerOptions withKeepAlive(Duration after, Duration timeout) {
        return new ListenerOptions(
                reconnect,
                backoffFirst,
                backoffMax,
                after,
                timeout,
                connectTimeout,
                commandTimeout,
                capacity,
                overflow,
                closeTimeout,
                payloads);
    }

    /**
     * The same with other limits for connecting, for a statement and for closing.
     *
     * @param connect one attempt to connect
     * @param command one statement; zero sets no limit
     * @param close the whole of closing
     * @return a copy
     */
    public ListenerOptions withTimeouts(Duration connect, Duration command, Duration close) {
        return new ListenerOptions(
                reconnect,
                backoffFirst,
                backoffMax,
                keepAlive,
                keepAliveTimeout,
                connect,
                command,
                capacity,
                overflow,
                close,
                payloads);
    }

    /**
     * The same with another buffer.
     *
     * @param capacity how many deliveries it holds
     * @param overflow what happens when it is full
     * @return a copy
     */
    public ListenerOptions withBuffer(int capacity, Overflow overflow) {
        return new ListenerOptions(
                reconnect,
                backoffFirst,
                backoffMax,
                keepAlive,
                keepAliveTimeout,
                connectTimeout,
                commandTimeout,
                capacity,
                overflow,
                closeTimeout,
                payloads);
    }

    /**
     * The same with payloads that were sent by reference.
     *
     * @param payloads where a {@link PgNotifier} puts them
     * @return a copy
     */
    public ListenerOptions withPayloads(PayloadTable payloads) {
        return new ListenerOptions(
                reconnect,
                backoffFirst,
                backoffMax,
                keepAlive,
                keepAliveTimeout,
                connectTimeout,
                commandTimeout,
                capacity,
                overflow,
                closeTimeout,
                payloads);
    }

    private static void requireTime(String name, Duration time, boolean positive) {
        if (time.isNegative()
                || time.compareTo(LONGEST) > 0
                || (positive && time.toMillis() == 0)) {
            throw new IllegalArgumentException(name + " is out of range: " + time);
        }
    }
}
