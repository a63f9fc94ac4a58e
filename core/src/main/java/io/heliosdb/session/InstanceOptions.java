package io.heliosdb.session;

import io.heliosdb.engine.EngineOptions;
import io.heliosdb.pubsub.PubSubOptions;

import java.time.Duration;
import java.util.Map;

/**
 * How to open an instance.
 *
 * @param engine where the rows live
 * @param pubSub the limits of channels and queues
 * @param maxConnections how many sessions may be open at one time
 * @param transactionBytesMax the bytes of notifications that one transaction may send
 * @param planCacheSize how many statements each session keeps the plan of
 * @param statementsMax how many prepared statements, and how many portals, a session may hold
 * @param replicationSlotsMax how many replication slots there may be
 * @param walSendersMax how many connections may stream changes at one time
 * @param slotIdleTimeout how long a replication slot may have no reader; zero for ever
 * @param settings defaults of run-time settings, such as {@code statement_timeout}
 */
public record InstanceOptions(
        EngineOptions engine,
        PubSubOptions pubSub,
        int maxConnections,
        long transactionBytesMax,
        int planCacheSize,
        int statementsMax,
        int replicationSlotsMax,
        int walSendersMax,
        Duration slotIdleTimeout,
        Map<String, String> settings) {
    private static final int CONNECTIONS = 10_000;
    private static final long TRANSACTION_BYTES = 256L << 20;
    private static final int PLANS = 64;
    private static final int STATEMENTS = 10_000;
    private static final int REPLICATION_SLOTS = 10;
    private static final int WAL_SENDERS = 10;

    /** Copies the settings. */
    public InstanceOptions {
        settings = Map.copyOf(settings);
    }

    /**
     * The limits that hold when nothing is configured.
     *
     * @param engine where the rows live
     * @return the options
     */
    public static InstanceOptions of(EngineOptions engine) {
        return new InstanceOptions(
                engine,
                PubSubOptions.defaults(),
                CONNECTIONS,
                TRANSACTION_BYTES,
                PLANS,
                STATEMENTS,
                REPLICATION_SLOTS,
                WAL_SENDERS,
                Duration.ZERO,
                Map.of());
    }
}
