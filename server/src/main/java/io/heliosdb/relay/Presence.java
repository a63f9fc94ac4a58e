package io.heliosdb.relay;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who is present on which channel, with a state of its own choosing, and what those present send
 * each other. All of it lives in memory and ends with the connection. Each member has an outbox
 * that is bounded; who is too slow for it is disconnected. Thread-safe.
 */
final class Presence {
    private static final int CHANNELS_MAX = 100;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, Map<Peer, @Nullable Object>> members = new HashMap<>();

    @GuardedBy("lock")
    private final Map<Peer, Outbox> outboxes = new HashMap<>();

    /**
     * Joins a channel, changes the state there, or leaves where the state is null. Who joins is
     * told who is there.
     *
     * @throws PgException 22023 for a wildcard, 53400 beyond 100 channels of a peer
     */
    void set(Peer peer, String channel, @Nullable Object state) {
        if (ChannelPatterns.isWildcard(channel)) {
            throw new PgException(
                    SqlState.INVALID_PARAMETER_VALUE, "nobody is present on a wildcard");
        }
        lock.lock();
        try {
            if (state == null) {
                leave(peer, channel);
                return;
            }
            boolean joins = !members.getOrDefault(channel, Map.of()).containsKey(peer);
            if (joins) {
                requireFewer(peer);
                outboxes.computeIfAbsent(peer, p -> new Outbox(p.link()));
            }
            var there = members.computeIfAbsent(channel, c -> new LinkedHashMap<>());
            there.put(peer, state);
            if (joins) {
                send(List.of(peer), everybody(channel, there));
            }
            tell(channel, joins ? "join" : "update", peer, state);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends a value to everybody else who is present.
     *
     * @throws PgException 55000 where the peer is not present itself
     */
    void broadcast(Peer peer, String channel, @Nullable Object payload) {
        lock.lock();
        try {
            var there = members.getOrDefault(channel, Map.of());
            if (!there.containsKey(peer)) {
                throw new PgException(
                                SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                                "not present on channel \"" + channel + '"')
                        .withHint("Send a presence with a state first.");
            }
            var message =
                    Outgoing.of(json -> {
                        json.writeStringField("type", "broadcast");
                        json.writeStringField("channel", channel);
                        json.writeStringField("peer", peer.name());
                        json.writeFieldName("payload");
                        JsonText.write(json, payload);
                    });
            send(others(there, peer), message);
        } finally {
            lock.unlock();
        }
    }

    /** Leaves the channels that the peer may not hear any more. */
    void recheck(Peer peer) {
        lock.lock();
        try {
            for (var channel : channelsOf(peer)) {
                if (!peer.grant().subscribe().allow(channel)) {
                    leave(peer, channel);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** The connection is over. */
    void leaveAll(Peer peer) {
        lock.lock();
        try {
            channelsOf(peer).forEach(channel -> leave(peer, channel));
            var outbox = outboxes.remove(peer);
            if (outbox != null) {
                outbox.close();
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many are present, each counted for each channel. */
    int count() {
        lock.lock();
        try {
            return members.values().stream().mapToInt(Map::size).sum();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void leave(Peer peer, String channel) {
        var there = members.get(channel);
        if (there == null || !there.containsKey(peer)) {
            return;
        }
        there.remove(peer);
        if (there.isEmpty()) {
            members.remove(channel);
        }
        tell(channel, "leave", peer, null);
    }

    @GuardedBy("lock")
    private void requireFewer(Peer peer) {
        if (channelsOf(peer).size() >= CHANNELS_MAX) {
            throw new PgException(
                    SqlState.CONFIGURATION_LIMIT_EXCEEDED,
                    "present on too many channels: the limit is " + CHANNELS_MAX);
        }
    }

    @GuardedBy("lock")
    private List<String> channelsOf(Peer peer) {
        if (!outboxes.containsKey(peer)) {
            return List.of();
        }
        var channels = new ArrayList<String>();
        members.forEach((channel, there) -> {
            if (there.containsKey(peer)) {
                channels.add(channel);
            }
        });
        return channels;
    }

    @GuardedBy("lock")
    private void tell(String channel, String event, Peer peer, @Nullable Object state) {
        var message =
                Outgoing.of(json -> {
                    begin(json, channel, event);
                    json.writeStringField("peer", peer.name());
                    json.writeStringField("subject", peer.grant().subject());
                    if (state != null) {
                        json.writeFieldName("state");
                        JsonText.write(json, state);
                    }
                });
        send(others(members.getOrDefault(channel, Map.of()), peer), message);
    }

    private static Outgoing everybody(String channel, Map<Peer, @Nullable Object> there) {
        return Outgoing.of(json -> {
            begin(json, channel, "members");
            json.writeArrayFieldStart("members");
            for (var entry : there.entrySet()) {
                json.writeStartObject();
                json.writeStringField("peer", entry.getKey().name());
                json.writeStringField("subject", entry.getKey().grant().subject());
                json.writeFieldName("state");
                JsonText.write(json, entry.getValue());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static void begin(JsonGenerator json, String channel, String event) throws IOException {
        json.writeStringField("type", "presence");
        json.writeStringField("channel", channel);
        json.writeStringField("event", event);
    }

    private static List<Peer> others(Map<Peer, @Nullable Object> there, Peer peer) {
        return there.keySet().stream().filter(other -> other != peer).toList();
    }

    @GuardedBy("lock")
    private void send(List<Peer> peers, Outgoing message) {
        for (var peer : peers) {
            var outbox = outboxes.get(peer);
            if (outbox != null) {
                outbox.offer(message);
            }
        }
    }
}
