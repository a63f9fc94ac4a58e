package io.heliosdb.pubsub;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which channels' notifications are kept for those who come back, and where. The longest name that
 * matches a channel decides: its own before {@code orders.*} before {@code *}. Immutable.
 */
public final class HistoryRules {
    /** Where notifications are kept. */
    public enum Kind {
        /** In the log: they survive a restart. */
        LOG,
        /** In memory, up to a bound: never on disk, gone with the process. */
        MEMORY,
        /** Nowhere: who is not there misses them, who is slow gets a gap. */
        NONE
    }

    /** Everything goes to the log. */
    public static final HistoryRules ALL_LOGGED = new HistoryRules(Map.of(), 1);

    private final Map<String, Kind> byName;
    private final long memoryBytesMax;
    private final boolean isUniform;

    private HistoryRules(Map<String, Kind> byName, long memoryBytesMax) {
        this.byName = Map.copyOf(byName);
        this.memoryBytesMax = memoryBytesMax;
        isUniform = byName.values().stream().allMatch(Kind.LOG::equals);
    }

    /**
     * Rules by name.
     *
     * @param byName of channels, {@code *}, or a prefix and {@code .*}
     * @param memoryBytesMax how much of the heap is used for {@link Kind#MEMORY}
     * @return the rules
     */
    public static HistoryRules of(Map<String, Kind> byName, long memoryBytesMax) {
        if (memoryBytesMax < 1) {
            throw new IllegalArgumentException(
                    "the history in memory needs room: " + memoryBytesMax);
        }
        return new HistoryRules(byName, memoryBytesMax);
    }

    /** Whether everything goes to the log. */
    boolean isUniform() {
        return isUniform;
    }

    long memoryBytesMax() {
        return memoryBytesMax;
    }

    /**
     * Where a channel's notifications are kept.
     *
     * @param channel its bare name
     * @return by the longest rule that matches
     */
    public Kind kind(String channel) {
        if (isUniform) {
            return Kind.LOG;
        }
        var own = byName.get(channel);
        if (own != null) {
            return own;
        }
        var found = new Kind[] {Kind.LOG};
        Wildcard.forEach(channel, name -> found[0] = byName.getOrDefault(name, found[0]));
        return found[0];
    }

    /** Whether some channel of this kind may be among those that are wanted. */
    boolean mayWant(Interest interest, Kind kind) {
        if (!byName.containsValue(kind)) {
            return false;
        }
        return !interest.wildcards().isEmpty()
                || interest.channels().stream().anyMatch(channel -> kind(channel) == kind);
    }

    /**
     * Whether any rule is of this kind.
     *
     * @param kind other than LOG, which needs no rule
     * @return whether there is one
     */
    public boolean has(Kind kind) {
        return byName.containsValue(kind);
    }

    /**
     * What a record holds of a transaction's notifications. Their places count from the first on,
     * so what is not logged leaves an empty place, unless nothing follows it.
     *
     * @param messages all of them
     * @return those for the log, an empty message for each of the others between them; empty where
     *     nothing is for the log
     */
    public List<Message> logged(List<Message> messages) {
        if (isUniform) {
            return messages;
        }
        var logged = new ArrayList<Message>(messages.size());
        int last = 0;
        for (var message : messages) {
            boolean isLogged = kind(message.channel()) == Kind.LOG;
            logged.add(isLogged ? message : Message.NOT_KEPT);
            last = isLogged ? logged.size() : last;
        }
        return logged.subList(0, last);
    }

    @Override
    public String toString() {
        return new HashMap<>(byName).toString();
    }
}
