package io.heliosdb.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.client.events.EventSource;
import io.heliosdb.client.events.EventStart;
import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.Delivery.Notification;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** The events of a real PostgreSQL. */
final class PgEventSourceTest extends EventSourceContract {
    private static final Postgres POSTGRES = Postgres.shared();

    private static final PgEventOptions OPTIONS =
            PgEventOptions.usual()
                    .withTimes(Duration.ofMillis(200), Duration.ofSeconds(2))
                    .withHistory(64 << 20, Duration.ofMillis(200));

    @AfterAll
    static void uninstall() {
        PgEventSource.uninstall(POSTGRES.url());
        assertThat(rows("SELECT slot_name FROM pg_replication_slots")).isEmpty();
        POSTGRES.run("DROP TABLE event_rows CASCADE");
        POSTGRES.run("DROP FUNCTION IF EXISTS tell_rows()");
    }

    private static List<String> rows(String sql) {
        try (var connection = POSTGRES.connect()) {
            return SqlRow.all(connection, sql).stream().map(row -> row.text(0)).toList();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static EventSource open(int port) {
        return PgEventSource.connect(POSTGRES.url(port), new Properties(), OPTIONS);
    }

    @Override
    protected EventSource open() {
        PgEventSource.install(POSTGRES.url(), OPTIONS);
        return open(POSTGRES.port());
    }

    @Override
    protected void cutHistory() {
        await(() ->
                !rows("SELECT pg_replication_slot_advance(slot_name,"
                                + " pg_current_wal_flush_lsn()) FROM pg_replication_slots"
                                + " WHERE starts_with(slot_name, 'heliosdb_history_')"
                                + " AND NOT active")
                        .isEmpty());
    }

    @Override
    protected void restart() {
        POSTGRES.restart();
    }

    @Override
    protected EventSource openAndLoseTheEngine() {
        try (var proxy = new CuttableProxy(POSTGRES.port())) {
            return open(proxy.port());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    protected List<String> leftovers() {
        var left = new ArrayList<String>();
        left.addAll(rows("SELECT slot_name FROM pg_replication_slots WHERE active OR temporary"));
        left.addAll(
                rows(
                        "SELECT application_name FROM pg_stat_activity WHERE"
                                + " starts_with(application_name, 'heliosdb-')"));
        Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("heliosdb-event"))
                .forEach(left::add);
        return left;
    }

    @Test
    void cutsAndARestartLoseAndRepeatNothing() throws Exception {
        long seed = Long.getLong("cuts.seed", System.nanoTime());
        var random = new Random(seed);
        int count = 600;
        try (var proxy = new CuttableProxy(POSTGRES.port());
                var cut = open(proxy.port());
                var live = cut.subscribe(EventStart.now(), "orders");
                var kept = cut.subscribe(EventStart.consumer("billing"), "orders")) {
            var sender =
                    CompletableFuture.runAsync(() -> {
                        for (int i = 0; i < count; i++) {
                            source.publish("orders", String.valueOf(i));
                        }
                    });
            for (int i = 0; i < count; i++) {
                var one = event(live);
                assertThat(one.payload()).as("seed " + seed).isEqualTo(String.valueOf(i));
                var other = event(kept);
                assertThat(other).as("seed " + seed).isEqualTo(one);
                if (random.nextInt(10) == 0) {
                    kept.ack(other.token().orElseThrow());
                }
                if (random.nextInt(30) == 0) {
                    proxy.cut();
                }
            }
            sender.get();
            POSTGRES.restart();
            await(() -> source.health().isUp());
            source.publish("orders", "after the restart");
            assertThat(event(live).payload()).isEqualTo("after the restart");
            assertThat(event(kept).payload()).isEqualTo("after the restart");
        }
    }

    @Test
    void aConsumerWhoseLogTheServerGaveUpIsToldAGap() throws Exception {
        source.createConsumer("late");
        POSTGRES.run("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'");
        POSTGRES.run("SELECT pg_reload_conf()");
        try {
            source.publish("orders", "lost");
            await(() -> {
                POSTGRES.run("SELECT pg_logical_emit_message(false, 'x', repeat('x', 1000000))");
                POSTGRES.run("SELECT pg_switch_wal()");
                POSTGRES.run("CHECKPOINT");
                return rows("SELECT wal_status FROM pg_replication_slots WHERE slot_name LIKE"
                                + " 'heliosdb_c%late'")
                        .contains("lost");
            });
            try (var stream = source.subscribe(EventStart.consumer("late"), "orders")) {
                assertThat(next(stream)).isInstanceOf(Gap.class);
                source.publish("orders", "next");
                Notification last = event(stream);
                assertThat(last.payload()).isEqualTo("next");
            }
        } finally {
            POSTGRES.run("ALTER SYSTEM RESET max_slot_wal_keep_size");
            POSTGRES.run("SELECT pg_reload_conf()");
        }
    }

    @Test
    void withoutAHistoryATokenIsAGap() throws Exception {
        var none = OPTIONS.withHistory(0, Duration.ofSeconds(1));
        PgEventSource.uninstall(POSTGRES.url());
        PgEventSource.install(POSTGRES.url(), none);
        source.close();
        source = PgEventSource.connect(POSTGRES.url(), new Properties(), none);
        try (var stream = source.subscribe(EventStart.now(), "orders")) {
            source.publish("orders", "one");
            var token = event(stream).token().orElseThrow();
            try (var again = source.subscribe(EventStart.after(token), "orders")) {
                assertThat(next(again)).isInstanceOf(Gap.class);
                source.publish("orders", "two");
                assertThat(event(again).payload()).isEqualTo("two");
            }
        }
    }
}
