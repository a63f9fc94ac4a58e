package io.heliosdb.client;

import io.heliosdb.pg.PgException;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a database's history of events at its size while a source is open: lets go of the log
 * beyond it from time to time, and begins anew where the server has given it up. On a virtual
 * thread of its own.
 */
final class HistoryKeeper implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HistoryKeeper.class.getName());

    /** To let go, the server reads what it lets go of. */
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final KeptConnection connection;
    private final EventSlots slots;
    private final PgEventOptions options;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofVirtual().name("heliosdb-event-history").unstarted(this::run);

    private HistoryKeeper(UrlSource source, EventSlots slots, PgEventOptions options) {
        this.slots = slots;
        this.options = options;
        connection = new KeptConnection(source, TIMEOUT);
    }

    static HistoryKeeper start(UrlSource source, EventSlots slots, PgEventOptions options) {
        var keeper = new HistoryKeeper(source, slots, options);
        keeper.thread.start();
        return keeper;
    }

    private void run() {
        try (connection) {
            while (!closed.await(options.historyInterval().toMillis(), TimeUnit.MILLISECONDS)) {
                keep();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keep() {
        try {
            connection.use(open -> {
                slots.createHistory(open);
                slots.trimHistory(open, options.historyBytes());
                return true;
            });
        } catch (PgException e) {
            // It is tried again, and meanwhile more is kept.
            LOG.log(Level.DEBUG, "the history of events is not trimmed", e);
        }
    }

    /** Waits for what it is doing, within a bound. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
