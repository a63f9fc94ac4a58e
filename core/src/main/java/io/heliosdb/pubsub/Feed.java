package io.heliosdb.pubsub;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pubsub.HistoryRules.Kind;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a queue needs to catch up: the history of both kinds as one, in one order, and how far
 * everybody else is. Any thread, but for what is the deliverer's.
 */
final class Feed {
    /** How much of the history is read at once for one subscriber. */
    private static final int CHUNK_BYTES = 256 << 10;

    private static final int UNKNOWN = -1;

    private final History history;
    private final HistoryRules rules;
    private final CommitOrder order;
    private final long liveBytesMax;
    private final Consumer<DeliveryQueue> onClosed;

    /** Null where no channel has its history in memory. */
    private final @Nullable MemoryHistory memory;

    Feed(
            History history,
            HistoryRules rules,
            @Nullable MemoryHistory memory,
            CommitOrder order,
            long liveBytesMax,
            Consumer<DeliveryQueue> onClosed) {
        this.onClosed = onClosed;
        this.history = history;
        this.rules = rules;
        this.memory = memory;
        this.order = order;
        this.liveBytesMax = liveBytesMax;
    }

    HistoryRules rules() {
        return rules;
    }

    History history() {
        return history;
    }

    /** How much a queue holds in memory before it reads from the history instead. */
    long liveBytesMax() {
        return liveBytesMax;
    }

    /** Everything up to here has been handed to the queues. */
    Place delivered() {
        return order.place();
    }

    /** Runs a step as the deliverer. */
    void exclusively(Runnable step) {
        order.exclusively(step);
    }

    /** A queue has ended by itself. */
    void closed(DeliveryQueue queue) {
        onClosed.accept(queue);
    }

    /** Reads on from both kinds. */
    History.Chunk read(Place after, long line, Place upTo, Interest interest) {
        var chunk = history.read(after, line, upTo, interest, CHUNK_BYTES);
        if (memory == null || !rules.mayWant(interest, Kind.MEMORY)) {
            return chunk;
        }
        var inMemory = memory.between(after, chunk.reached(), interest);
        var cut = memory.cut();
        var merged = new ArrayList<Delivery>();
        if (after.isBefore(cut)) {
            merged.add(new Gap(new Lsn(after.lsn()), new Lsn(cut.lsn()), UNKNOWN, false));
        }
        merge(chunk.deliveries(), inMemory, merged);
        return new History.Chunk(merged, chunk.reached(), chunk.line());
    }

    private static void merge(
            List<Delivery> logged, List<Notification> inMemory, List<Delivery> merged) {
        int next = 0;
        for (var delivery : logged) {
            if (delivery instanceof Notification notification) {
                var place = MemoryHistory.place(notification);
                while (next < inMemory.size()
                        && MemoryHistory.place(inMemory.get(next)).isBefore(place)) {
                    merged.add(inMemory.get(next++));
                }
            }
            merged.add(delivery);
        }
        merged.addAll(inMemory.subList(next, inMemory.size()));
    }
}
