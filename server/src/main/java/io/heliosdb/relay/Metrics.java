package io.heliosdb.relay;

import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pubsub.DelayStats;
import io.heliosdb.pubsub.PubSub;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/** What is counted, in Prometheus' format. What the database counts itself is read from there. */
final class Metrics {
    static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final long KB = 1024;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Counter toPeers;

    Metrics(PubSub pubSub, Peers peers) {
        counter(
                "notifications_sent",
                "Notifications that were committed.",
                () -> pubSub.stats().sent());
        counter(
                "notifications_delivered",
                "Notifications put into the queue of a subscription.",
                () -> pubSub.stats().delivered());
        counter(
                "notifications_received",
                "Notifications taken out of its queue by a subscriber.",
                () -> pubSub.stats().received());
        counter(
                "notifications_dropped",
                "Notifications that a full queue lost; a gap said so.",
                () -> pubSub.stats().dropped());
        gauge(
                "active_subscriptions",
                "Subscriptions that are open.",
                () -> pubSub.stats().subscriptions());
        gauge(
                "active_channels",
                "Channels that somebody listens to.",
                () -> pubSub.stats().channels());
        gauge(
                "queue_depth",
                "Transactions that wait in the queues of subscriptions.",
                () -> pubSub.stats().queued());
        registry.register(() -> delays(pubSub.stats().delays()));
        gauge("relay_peers", "Peers that are connected over HTTP.", peers::count);
        gauge("process_memory_rss", "Resident memory of the process in bytes.", Metrics::resident);
        toPeers =
                Counter.builder()
                        .name("relay_events")
                        .help("Events that peers' sockets have taken.")
                        .register(registry);
    }

    private static HistogramSnapshot delays(DelayStats stats) {
        var bounds = new ArrayList<Double>();
        var counts = new ArrayList<Long>();
        for (double bound : stats.boundsMillis()) {
            bounds.add(bound);
        }
        bounds.add(Double.POSITIVE_INFINITY);
        for (long count : stats.counts()) {
            counts.add(count);
        }
        return HistogramSnapshot.builder()
                .name("notification_delivery_duration_ms")
                .help("From the commit of a notification until a subscriber takes it.")
                .dataPoint(
                        HistogramDataPointSnapshot.builder()
                                .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, counts))
                                .sum(stats.sumMillis())
                                .build())
                .build();
    }

    /** A peer has got events. */
    void delivered(List<Notification> events) {
        toPeers.inc(events.size());
    }

    /** How many events peers have got. */
    double eventsToPeers() {
        return toPeers.get();
    }

    /** All of it, as text. */
    byte[] text() {
        var out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory failed", e);
        }
        return out.toByteArray();
    }

    private void counter(String name, String help, DoubleSupplier value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    private void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /** As the system counts it; what the JVM has from the system where that does not say. */
    private static double resident() {
        try {
            for (var line : Files.readAllLines(STATUS)) {
                if (line.startsWith(RESIDENT)) {
                    return (double) KB * Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        } catch (IOException e) {
            // Not Linux.
        }
        return Runtime.getRuntime().totalMemory();
    }
}
