package io.heliosdb.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.HeliosHttp;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A WebSocket client of the JDK, and what the server told it. */
final class RelayClient implements WebSocket.Listener, AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int PATIENCE_SECONDS = 20;

    private final LinkedBlockingQueue<Map<String, @Nullable Object>> messages =
            new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private volatile String closeReason = "";
    private @Nullable WebSocket socket;

    static RelayClient connect(HeliosHttp http, @Nullable String credential) {
        return connect(http, credential, null);
    }

    static RelayClient connect(
            HeliosHttp http, @Nullable String credential, @Nullable String origin) {
        var client = new RelayClient();
        var uri = URI.create(http.url().toString().replace("http:", "ws:") + "ws");
        var builder = HTTP.newWebSocketBuilder().subprotocols("heliosdb.v1");
        if (credential != null) {
            builder.header("Authorization", "Bearer " + credential);
        }
        if (origin != null) {
            builder.header("Origin", origin);
        }
        client.socket = builder.buildAsync(uri, client).join();
        return client;
    }

    WebSocket socket() {
        return Objects.requireNonNull(socket);
    }

    void send(String json) {
        socket().sendText(json.replace('\'', '"'), true).join();
    }

    /** The next message, which must have this type. */
    Map<String, @Nullable Object> receive(String type) throws InterruptedException {
        var message = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(message).as("a message of type " + type).isNotNull().containsEntry("type", type);
        return Objects.requireNonNull(message);
    }

    /** The payload of the next message, which must be a notification. */
    String payload() throws InterruptedException {
        return String.valueOf(receive("notification").get("payload"));
    }

    /** Subscribes, and returns what the server answered. */
    Map<String, @Nullable Object> subscribe(String fields) throws InterruptedException {
        send("{'type':'subscribe'," + fields + "}");
        return receive("subscribed");
    }

    /** Whether nothing has come that was not received yet; a ping was answered first. */
    void expectNothing() throws InterruptedException {
        send("{'type':'ping'}");
        receive("pong");
    }

    int closeCode() throws Exception {
        return closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    String closeReason() {
        return closeReason;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            messages.add(JsonText.object(text.toString()));
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int statusCode, String reason) {
        closeReason = reason;
        closed.complete(statusCode);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.completeExceptionally(error);
    }

    @Override
    public void close() {
        socket().abort();
    }
}
