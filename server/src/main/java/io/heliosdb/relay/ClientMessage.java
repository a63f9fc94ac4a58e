package io.heliosdb.relay;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.Token;
import io.heliosdb.pubsub.OverflowPolicy;

import org.jspecify.annotations.Nullable;

/** What a peer says; docs/protocol.md describes it. */
sealed interface ClientMessage {
    /**
     * Asks for what is committed on a channel.
     *
     * @param id what the peer calls the subscription
     * @param channel a channel or a wildcard
     * @param delivery how it is to be delivered
     */
    record Subscribe(String id, String channel, DeliveryOptions delivery)
            implements ClientMessage {}

    /**
     * How events are to be delivered.
     *
     * @param since strictly after which event; null for from now on
     * @param consumer the name under which the position is kept; null for none
     * @param unackedMax how many events may wait for their acknowledgement; 0 for any, without one
     * @param policy what happens when the peer is too slow; null for the usual
     */
    record DeliveryOptions(
            @Nullable Token since,
            @Nullable String consumer,
            int unackedMax,
            @Nullable OverflowPolicy policy) {}

    /** Everything up to and with a token has been worked on. */
    record Ack(String id, Token token) implements ClientMessage {}

    /** No more of a subscription. */
    record Unsubscribe(String id) implements ClientMessage {}

    /** Notifies a channel; with an id, an answer comes when it is committed. */
    record Publish(@Nullable String id, String channel, String payload) implements ClientMessage {}

    /** Joins a channel or changes what others see there; a state of null leaves it. */
    record Presence(String channel, @Nullable Object state) implements ClientMessage {}

    /** Sends a value to all that are present on a channel; it is not kept. */
    record Broadcast(String channel, @Nullable Object payload) implements ClientMessage {}

    /** Goes on with another credential of the same subject. */
    record Authenticate(String token) implements ClientMessage {}

    /** Asks for an answer. */
    record Ping() implements ClientMessage {}

    /**
     * Reads a message.
     *
     * @throws PgException 22P02 for what is no JSON object, 22023 for a field that is missing,
     *     unknown or of another type
     */
    static ClientMessage read(String json) {
        var fields = Fields.read(json);
        var type = fields.string("type");
        var message =
                switch (type) {
                    case "subscribe" ->
                            new Subscribe(
                                    fields.string("id"),
                                    fields.string("channel"),
                                    delivery(fields));
                    case "ack" -> new Ack(fields.string("id"), Token.parse(fields.string("token")));
                    case "unsubscribe" -> new Unsubscribe(fields.string("id"));
                    case "publish" ->
                            new Publish(
                                    fields.optionalString("id"),
                                    fields.string("channel"),
                                    payload(fields));
                    case "presence" -> new Presence(fields.string("channel"), fields.any("state"));
                    case "broadcast" ->
                            new Broadcast(fields.string("channel"), fields.any("payload"));
                    case "authenticate" -> new Authenticate(fields.string("token"));
                    case "ping" -> new Ping();
                    default ->
                            throw new PgException(
                                    SqlState.INVALID_PARAMETER_VALUE,
                                    "invalid message: there is no type \"" + type + '"');
                };
        fields.requireNoMore();
        return message;
    }

    private static DeliveryOptions delivery(Fields fields) {
        var since = fields.optionalString("since");
        return new DeliveryOptions(
                since == null ? null : Token.parse(since),
                fields.optionalString("consumer"),
                fields.positive("max_unacked", Integer.MAX_VALUE),
                policy(fields.optionalString("policy")));
    }

    /** One that makes nobody else wait; 22023 for the others. */
    static @Nullable OverflowPolicy policy(@Nullable String name) {
        return switch (name) {
            case null -> null;
            case "CATCH_UP" -> OverflowPolicy.CATCH_UP;
            case "DROP_OLDEST" -> OverflowPolicy.DROP_OLDEST;
            case "COALESCE" -> OverflowPolicy.COALESCE;
            case "CLOSE" -> OverflowPolicy.CLOSE;
            default ->
                    throw new PgException(
                                    SqlState.INVALID_PARAMETER_VALUE,
                                    "invalid message: there is no policy \"" + name + '"')
                            .withHint("CATCH_UP, DROP_OLDEST, COALESCE or CLOSE.");
        };
    }

    /** A string as it is; any other value as its JSON. */
    private static String payload(Fields fields) {
        return fields.any("payload") instanceof String text
                ? text
                : fields.has("payload") ? JsonText.text(fields.any("payload")) : "";
    }
}
