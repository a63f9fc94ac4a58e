package io.heliosdb.relay;

import com.fasterxml.jackson.core.JsonGenerator;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Token;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A message to a peer, in bytes. What is the same for all peers that get one event is written once.
 */
final class Outgoing {
    private static final byte[] NOTHING = {};

    /** Recent events and their tails; a slot is taken over by whoever comes next. */
    private static final AtomicReferenceArray<@Nullable Tail> TAILS =
            new AtomicReferenceArray<>(1024);

    /** The JSON object without its end, or all of it. */
    private final byte[] head;

    /** The rest, shared between peers. */
    private final byte[] tail;

    private final @Nullable Token token;

    private static final class Tail {
        private final Notification event;
        private final byte[] bytes;

        Tail(Notification event, byte[] bytes) {
            this.event = event;
            this.bytes = bytes;
        }
    }

    private Outgoing(byte[] head, byte[] tail, @Nullable Token token) {
        this.head = head;
        this.tail = tail;
        this.token = token;
    }

    byte[] head() {
        return head;
    }

    byte[] tail() {
        return tail;
    }

    /** The place of the event; null where the message is none. */
    @Nullable Token token() {
        return token;
    }

    static Outgoing of(JsonText.Body body) {
        return new Outgoing(JsonText.bytes(body), NOTHING, null);
    }

    int length() {
        return head.length + tail.length;
    }

    /** The message in one piece. */
    byte[] bytes() {
        if (tail.length == 0) {
            return head;
        }
        var all = new byte[length()];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(tail, 0, all, head.length, tail.length);
        return all;
    }

    static Outgoing subscribed(String id, @Nullable Token token, boolean isRecovered) {
        return of(json -> {
            json.writeStringField("type", "subscribed");
            json.writeStringField("id", id);
            if (token != null) {
                json.writeStringField("token", token.toString());
            }
            json.writeBooleanField("recovered", isRecovered);
        });
    }

    /** What every notification to a subscription begins with. */
    static byte[] notificationHead(String id) {
        var whole =
                JsonText.bytes(json -> {
                    json.writeStringField("type", "notification");
                    json.writeStringField("id", id);
                });
        whole[whole.length - 1] = ',';
        return whole;
    }

    static Outgoing notification(byte[] head, Notification event) {
        return new Outgoing(head, tail(event), Source.token(event));
    }

    @SuppressWarnings("ReferenceEquality") // queues share the one object of an event
    private static byte[] tail(Notification event) {
        int slot = (int) ((event.lsn().value() >>> 3) + event.ordinal()) & (TAILS.length() - 1);
        var known = TAILS.get(slot);
        if (known != null && known.event == event) {
            return known.bytes;
        }
        var object =
                JsonText.bytes(json -> {
                    json.writeStringField("channel", event.channel());
                    json.writeStringField("payload", event.payload());
                    json.writeNumberField("pid", event.pid());
                    json.writeStringField("token", Source.token(event).toString());
                });
        var bytes = Arrays.copyOfRange(object, 1, object.length);
        TAILS.set(slot, new Tail(event, bytes));
        return bytes;
    }

    static Outgoing gap(String id, Delivery.Gap gap) {
        return of(json -> {
            json.writeStringField("type", "gap");
            json.writeStringField("id", id);
            json.writeStringField("from", place(gap.from()));
            json.writeStringField("to", place(gap.to()));
            if (gap.missed() >= 0) {
                json.writeNumberField("missed", gap.missed());
            }
            json.writeBooleanField("volatile", gap.isVolatile());
        });
    }

    /** Without a history nothing is known of what came after a token. */
    static Outgoing gap(String id, Token since) {
        return of(json -> {
            json.writeStringField("type", "gap");
            json.writeStringField("id", id);
            json.writeStringField("from", since.toString());
            json.writeBooleanField("volatile", true);
        });
    }

    private static String place(Lsn lsn) {
        return new Token(0, lsn, 0).toString();
    }

    /** An error; {@code id} names the subscription or request that it is about. */
    static Outgoing error(@Nullable String id, PgException error) {
        return of(json -> {
            json.writeStringField("type", "error");
            if (id != null) {
                json.writeStringField("id", id);
            }
            writeError(json, error);
        });
    }

    static void writeError(JsonGenerator json, PgException error) throws IOException {
        json.writeStringField("code", error.sqlState().code());
        json.writeStringField("message", error.report().message());
        if (error.hint().isPresent()) {
            json.writeStringField("hint", error.hint().get());
        }
    }
}
