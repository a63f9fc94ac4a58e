package io.heliosdb.pubsub;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pubsub.HistoryRules.Kind;
import io.heliosdb.pubsub.Registrations.Registration;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What waits for one subscriber: transactions in the ring; before them what is read from the
 * history, or what a full ring had to give up; and before that the rest of the transaction that is
 * being taken. Whoever takes filters by the registrations as they are then. Only {@link #offer} and
 * the looks from outside do without the queue's lock.
 */
final class Backlog {
    /** Who takes nothing while so many transactions come stands still. */
    private static final int STANDSTILL = 8192;

    private final Registrations registrations = new Registrations();
    private final Losses losses = new Losses();
    private final Counters counters;
    private final int capacity;

    /** Null where there is no history. */
    private final @Nullable Feed feed;

    /** Replaced as a whole, by the deliverer under the lock. */
    private volatile Ring ring;

    /** The transaction that is partly taken, and the place of the next one in it. */
    private @Nullable QueuedTransaction current;

    private int place;

    /** The last transaction that left the ring. */
    private long lastTaken;

    /**
     * Everything up to here was taken; two numbers, since each notification that is taken moves it.
     */
    private long reachedLsn;

    private int reachedOrdinal;

    /** Whether something waits outside the ring; written under the lock, read by anybody. */
    private volatile boolean held;

    /** Written under the lock, read by anybody. */
    private volatile @Nullable Replay replay;

    /** Whether nothing goes into the ring; the deliverer's, written under the lock. */
    private boolean isLagging;

    /** What passed meanwhile and is kept nowhere; the deliverer's. */
    private long unkept;

    /** How many more are offered before the next look whether any was taken; the deliverer's. */
    private int untilLook = STANDSTILL;

    /** How many had left the ring at the last look; the deliverer's. */
    private long takenAtLook = -1;

    /** Bytes that went into the ring; the deliverer's. */
    private long bytesIn;

    /** Bytes that left the ring; written under the lock. */
    private volatile long bytesOut;

    Backlog(int capacity, Counters counters, @Nullable Feed feed) {
        this.capacity = capacity;
        this.counters = counters;
        this.feed = feed;
        ring = new Ring(capacity);
    }

    Registrations registrations() {
        return registrations;
    }

    /** The deliverer's: whether an offer would do anything. */
    boolean takes() {
        return !isLagging || (feed != null && feed.rules().has(Kind.NONE));
    }

    /** The deliverer's: appends, or returns false where the ring is full. */
    boolean offer(QueuedTransaction transaction, boolean isBoundInBytes) {
        if (isLagging) {
            unkept += countUnkept(transaction);
            return true;
        }
        if (isBoundInBytes && feed != null) {
            if (--untilLook == 0 && standsStill(feed)) {
                return false;
            }
            long bytes = bytesIn + transaction.bytes;
            if (bytes - bytesOut > feed.liveBytesMax() && !ring.isEmpty()) {
                return false;
            }
        }
        if (!ring.offer(transaction)) {
            return false;
        }
        bytesIn += transaction.bytes;
        return true;
    }

    /** All is in the log, so that nothing has to wait in memory for a taker that does not come. */
    private boolean standsStill(Feed history) {
        long before = takenAtLook;
        untilLook = STANDSTILL;
        takenAtLook = ring.taken();
        return takenAtLook == before && history.rules().isUniform();
    }

    boolean isEmpty() {
        return !held && replay == null && ring.isEmpty();
    }

    /** How many transactions are in the ring. */
    int size() {
        return ring.size();
    }

    /** The next delivery that is in memory; null where there is none, see {@link #replay}. */
    @Nullable Delivery next() {
        if (current != null) {
            return advance(current);
        }
        if (held) {
            var kept = losses.next();
            held = !losses.isEmpty();
            return kept;
        }
        var reading = replay;
        if (reading != null) {
            return nextFound(reading);
        }
        for (var next = poll(); next != null; next = poll()) {
            int first = find(next, 0);
            if (first < next.notifications.length) {
                counters.delays.record(System.nanoTime() - next.queuedNanos);
                place = first;
                return advance(next);
            }
        }
        return null;
    }

    private @Nullable QueuedTransaction poll() {
        var next = ring.poll();
        if (next != null) {
            lastTaken = next.lsn;
            long before = bytesOut;
            bytesOut = before + next.bytes;
        }
        return next;
    }

    private @Nullable Delivery nextFound(Replay reading) {
        var next = reading.kept.poll();
        while (next == null && !reading.found.isEmpty()) {
            var found = reading.found.poll();
            next = found != null && isWanted(found) ? found : null;
        }
        if (next instanceof Notification notification) {
            lastTaken = notification.lsn().value();
            reached(notification);
        }
        return next;
    }

    /** All that is in memory. */
    void drainTo(List<Delivery> taken) {
        while (current != null || held || replay != null) {
            var next = next();
            if (next == null) {
                return; // The rest is to be read from the history.
            }
            taken.add(next);
        }
        long now = System.nanoTime();
        for (var next = poll(); next != null; next = poll()) {
            counters.delays.record(now - next.queuedNanos);
            for (var notification : next.notifications) {
                if (registrations.wants(notification, next.sequence)) {
                    taken.add(notification);
                    reached(notification);
                }
            }
        }
    }

    /** Gives the notification at {@code place} and looks for the one after it. */
    private Delivery advance(QueuedTransaction transaction) {
        var notification = transaction.notifications[place];
        reached(notification);
        seek(transaction, place + 1);
        return notification;
    }

    private void reached(Notification notification) {
        reachedLsn = notification.lsn().value();
        reachedOrdinal = notification.ordinal();
    }

    private void reached(Place to) {
        reachedLsn = to.lsn();
        reachedOrdinal = to.ordinal();
    }

    private void seek(QueuedTransaction transaction, int from) {
        place = find(transaction, from);
        current = place < transaction.notifications.length ? transaction : null;
        if (held == (current == null && losses.isEmpty())) {
            held = !held;
        }
    }

    private int find(QueuedTransaction transaction, int from) {
        var notifications = transaction.notifications;
        int index = from;
        while (index < notifications.length
                && !registrations.wants(notifications[index], transaction.sequence)) {
            index++;
        }
        return index;
    }

    /** Makes room for one: the oldest transaction goes and is counted. */
    void dropOldest() {
        losses.begin(lastTaken);
        var oldest = poll();
        if (oldest == null) {
            return;
        }
        long count = 0;
        for (var notification : oldest.notifications) {
            count += registrations.wants(notification, oldest.sequence) ? 1 : 0;
        }
        lost(oldest.lsn, count);
    }

    /** Empties the ring: the newest of each channel stays and the others are counted. */
    void coalesce() {
        losses.begin(lastTaken);
        for (var oldest = poll(); oldest != null; oldest = poll()) {
            long count = 0;
            for (var notification : oldest.notifications) {
                if (registrations.wants(notification, oldest.sequence)) {
                    count += losses.coalesce(notification) ? 1 : 0;
                }
            }
            lost(oldest.lsn, count);
        }
    }

    private void lost(long lsn, long count) {
        losses.lost(lsn, count);
        lastTaken = lsn;
        counters.dropped.add(count);
        held = current != null || !losses.isEmpty();
    }

    // The history.

    /** What is to be read, where that is not all in memory; null where the ring is next. */
    @Nullable Replay replay() {
        return replay;
    }

    /**
     * The deliverer's: from now on everything comes from the history, beginning with what was not
     * taken yet, or with an earlier start. What is in the ring is let go.
     */
    void fallBehind(Feed history, History.@Nullable Start start) {
        var before = replay;
        var reached = before != null ? before.after : firstInRing(history.delivered());
        long line = before != null ? before.line : history.history().line();
        dropRing();
        isLagging = true;
        if (before != null && (start == null || !start.after().isBefore(reached))) {
            before.liveFrom = null;
            lead(before, start);
            return;
        }
        var from = start == null ? reached : reached.min(start.after());
        var next =
                new Replay(
                        from,
                        start == null ? line : Math.min(line, start.line()),
                        history.history().claim(from));
        if (before != null) {
            next.kept.addAll(before.kept);
            before.found.stream().filter(this::isWanted).forEach(next.kept::add);
            before.claim.close();
        }
        registrations.taken(reached);
        lead(next, start);
        if (before == null && current == null && losses.isEmpty()) {
            reached(from);
        }
        replay = next;
    }

    private boolean isWanted(Delivery found) {
        return !(found instanceof Notification notification)
                || registrations.wantsReplayed(notification);
    }

    private static void lead(Replay reading, History.@Nullable Start start) {
        if (start != null) {
            start.lead().stream().filter(gap -> !reading.found.contains(gap)).forEach(reading::add);
        }
    }

    private Place firstInRing(Place delivered) {
        var first = ring.peek();
        return first == null ? delivered : Place.before(first);
    }

    private void dropRing() {
        if (feed != null && feed.rules().has(Kind.NONE)) {
            for (var dropped = ring.poll(); dropped != null; dropped = ring.poll()) {
                unkept += countUnkept(dropped);
            }
        }
        ring = new Ring(capacity);
        takenAtLook = -1;
        untilLook = STANDSTILL;
        bytesOut = bytesIn;
    }

    private long countUnkept(QueuedTransaction transaction) {
        if (feed == null || !feed.rules().has(Kind.NONE)) {
            return 0;
        }
        long count = 0;
        for (var notification : transaction.notifications) {
            if (feed.rules().kind(notification.channel()) == Kind.NONE
                    && registrations.wants(notification, transaction.sequence)) {
                count++;
            }
        }
        return count;
    }

    /** The taker's: a stretch was read. */
    void add(Replay reading, History.Chunk chunk) {
        if (replay == reading) {
            reading.found.addAll(chunk.deliveries());
            reading.after = chunk.reached();
            reading.line = chunk.line();
            reading.claim.advance(chunk.reached());
        }
    }

    /** The deliverer's: the reader is near; what passes from now on goes into the ring again. */
    void follow(Replay reading, Place delivered) {
        if (replay == reading && isLagging) {
            reading.liveFrom = delivered;
            isLagging = false;
            if (unkept > 0) {
                var gap = new Gap(new Lsn(reachedLsn), new Lsn(delivered.lsn()), unkept, false);
                reading.found.add(gap);
                counters.dropped.add(unkept);
                unkept = 0;
            }
        }
    }

    /** The taker's: everything up to where the ring begins has been read and taken. */
    void goLive(Replay reading) {
        var from = reading.liveFrom;
        if (replay == reading
                && from != null
                && reading.isTaken()
                && !reading.after.isBefore(from)) {
            reached(reading.after);
            reading.claim.close();
            replay = null;
        }
    }

    /**
     * From where to go on for who has taken everything so far.
     *
     * @param delivered how far everybody is, looked at before this
     */
    Place standsAt(Place delivered) {
        var taken = new Place(reachedLsn, reachedOrdinal);
        if (current != null || !losses.isEmpty()) {
            return taken;
        }
        var reading = replay;
        if (reading != null) {
            // A subscription that began to listen to the past once more is behind what it has.
            return reading.isTaken() ? reading.after : taken.min(reading.after);
        }
        return ring.isEmpty() ? taken.max(delivered) : taken;
    }

    void listen(Registration registration, Place delivered) {
        if (registrations.isEmpty() && ring.isEmpty() && replay == null) {
            lastTaken = Math.max(0, delivered.lsn());
            reached(delivered);
        }
        registrations.add(registration);
    }

    /**
     * The registrations changed: what is held outside the ring for those that ended goes, and with
     * the last one everything.
     */
    void refilter() {
        losses.keepOnly(registrations);
        var reading = replay;
        if (reading != null) {
            reading.kept.removeIf(kept -> {
                return kept instanceof Notification notification
                        && !registrations.hears(notification.channel());
            });
        }
        if (registrations.isEmpty()) {
            clear();
            isLagging = false;
            unkept = 0;
        } else if (current != null) {
            seek(current, place);
        } else {
            held = !losses.isEmpty();
        }
    }

    void clear() {
        var reading = replay;
        if (reading != null) {
            reading.claim.close();
            replay = null;
        }
        current = null;
        losses.clear();
        ring.clear();
        bytesOut = bytesIn;
        held = false;
    }

    /** The position of the oldest transaction, or the largest number. */
    long oldestPosition() {
        var oldest = current != null ? current : ring.peek();
        return oldest == null ? Long.MAX_VALUE : oldest.position;
    }
}
