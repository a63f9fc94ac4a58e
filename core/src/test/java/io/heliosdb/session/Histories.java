package io.heliosdb.session;

import io.heliosdb.engine.EngineOptions;
import io.heliosdb.engine.WalOptions;
import io.heliosdb.log.LogOptions;
import io.heliosdb.pg.Delivery;
import io.heliosdb.pubsub.HistoryRules;
import io.heliosdb.pubsub.Message;
import io.heliosdb.pubsub.PubSub;
import io.heliosdb.pubsub.PubSubOptions;
import io.heliosdb.pubsub.Subscription;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Instances with a log whose files are small, and what the tests of their history share. */
final class Histories {
    static final HistoryRules RULES =
            HistoryRules.of(
                    Map.of("m.*", HistoryRules.Kind.MEMORY, "n.*", HistoryRules.Kind.NONE),
                    64 << 20);

    private static final int SEGMENT = 64 << 10;
    private static final int QUEUES = 4 << 20;
    private static final int TAIL = 4 << 10;

    private Histories() {}

    /** A log of small files, of which little is in memory, so that readers read files. */
    static LogOptions smallLog() {
        return LogOptions.defaults().withSegmentBytes(SEGMENT).withTailBytes(TAIL);
    }

    static Instance open(Path directory, LogOptions log) {
        return open(directory, log, HistoryRules.ALL_LOGGED);
    }

    static Instance open(Path directory, LogOptions log, HistoryRules rules) {
        var wal = WalOptions.defaults().withLog(log).withCheckpoints(Long.MAX_VALUE, Duration.ZERO);
        var defaults = InstanceOptions.of(EngineOptions.at(directory).withWal(Optional.of(wal)));
        return Instance.open(
                new InstanceOptions(
                        defaults.engine(),
                        PubSubOptions.defaults().withHistory(rules).withQueueBytesMax(QUEUES),
                        defaults.maxConnections(),
                        defaults.transactionBytesMax(),
                        defaults.planCacheSize(),
                        defaults.statementsMax(),
                        defaults.replicationSlotsMax(),
                        defaults.walSendersMax(),
                        defaults.slotIdleTimeout(),
                        defaults.settings()));
    }

    /** Commits notifications in one transaction. */
    static void commit(PubSub pubSub, Message... messages) {
        pubSub.publish(pubSub.append(List.of(messages), 1, List.of(), null, PubSub.NO_DEADLINE));
    }

    /** Takes so many deliveries, and waits for each. */
    static List<Delivery> take(Subscription subscription, int count) throws InterruptedException {
        var taken = new ArrayList<Delivery>();
        while (taken.size() < count) {
            taken.add(
                    subscription
                            .receive(Duration.ofSeconds(30))
                            .orElseThrow(() -> new AssertionError("only " + taken)));
        }
        return taken;
    }

    static List<String> payloads(List<Delivery> deliveries) {
        return deliveries.stream()
                .map(delivery -> {
                    return switch (delivery) {
                        case Delivery.Notification notification -> notification.payload();
                        case Delivery.Gap gap -> gap.isVolatile() ? "crash" : "gap";
                        default -> delivery.toString();
                    };
                })
                .toList();
    }

    /** What a crash would leave: the files as they are, of an instance that goes on. */
    static Path image(Path directory) throws IOException {
        Path image = directory.resolveSibling("image" + System.nanoTime());
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                if (!file.getFileName().toString().contains("lock")) {
                    Files.copy(file, image.resolve(directory.relativize(file).toString()));
                }
            }
        }
        return image;
    }
}
