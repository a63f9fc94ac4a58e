package io.heliosdb.relay;

import com.fasterxml.jackson.core.JsonGenerator;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** What the console shows of this moment. */
final class ConsoleState {
    private static final int PEERS_SHOWN_MAX = 200;
    private static final int CHANNELS_SHOWN_MAX = 200;

    private final RelayContext context;

    ConsoleState(RelayContext context) {
        this.context = context;
    }

    Reply reply() {
        return Reply.json(
                200,
                json -> {
                    figures(json);
                    channels(json);
                    peers(json);
                });
    }

    private void figures(JsonGenerator json) throws IOException {
        var stats = context.source().pubSub().stats();
        json.writeNumberField("sent", stats.sent());
        json.writeNumberField("delivered", stats.delivered());
        json.writeNumberField("received", stats.received());
        json.writeNumberField("dropped", stats.dropped());
        json.writeNumberField("subscriptions", stats.subscriptions());
        json.writeNumberField("channels", stats.channels());
        json.writeNumberField("queued", stats.queued());
        json.writeNumberField("peerCount", context.peers().count());
        json.writeNumberField("present", context.presence().count());
        json.writeNumberField("toPeers", (long) context.metrics().eventsToPeers());
    }

    private void channels(JsonGenerator json) throws IOException {
        Map<String, Integer> followers = new TreeMap<>();
        for (var peer : context.peers().all()) {
            for (var feed : peer.feeds()) {
                feed.channels().forEach(channel -> followers.merge(channel, 1, Integer::sum));
            }
        }
        json.writeArrayFieldStart("followed");
        int shown = 0;
        for (var entry : followers.entrySet()) {
            if (shown++ == CHANNELS_SHOWN_MAX) {
                break;
            }
            json.writeStartObject();
            json.writeStringField("channel", entry.getKey());
            json.writeNumberField("peers", entry.getValue());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void peers(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("peers");
        int shown = 0;
        for (var peer : context.peers().all()) {
            if (shown++ == PEERS_SHOWN_MAX) {
                break;
            }
            json.writeStartObject();
            json.writeStringField("peer", peer.name());
            json.writeStringField("subject", peer.grant().subject());
            json.writeStringField("since", peer.since().toString());
            json.writeArrayFieldStart("subscriptions");
            for (var feed : peer.feeds()) {
                json.writeStartObject();
                json.writeStringField("id", feed.id());
                json.writeStringField("channel", String.join(", ", feed.channels()));
                json.writeNumberField("sent", feed.sent());
                json.writeNumberField("unacknowledged", feed.unacknowledged());
                json.writeBooleanField("waits", feed.subscription().isReady());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
