package io.heliosdb.cli;

import io.heliosdb.pg.Identifier;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends a probe event along every path and says where it stops. */
@Command(
        name = "doctor",
        description = {
            "Sends a probe event along every path of a server, and says where it stops.",
            "",
            "Each step is one line with its time; it ends with 0 where all went well, with 1 at the"
                    + " first step that does not.",
            ""
        },
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final double NANOS_PER_MILLI = 1e6;

    @Parameters(
            index = "0",
            paramLabel = "URL",
            description = "The server: postgresql://user@host:port/database.")
    private String url = "";

    @Option(
            names = "--http",
            paramLabel = "URL",
            description = "Its HTTP address as well, such as http://127.0.0.1:8080.")
    private Optional<URI> http = Optional.empty();

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "A token or key that may hear and publish heliosdb.probe.")
    private Optional<String> token = Optional.empty();

    @Option(
            names = "--channel",
            paramLabel = "NAME",
            description = "The channel of the probe. Default: heliosdb.probe.")
    private String channel = "heliosdb.probe";

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    private final String probe = UUID.randomUUID().toString();

    /** A step that finds out something; what it throws is why it failed. */
    private interface Step<T> {
        T run() throws Exception;
    }

    /** A step failed, and was told. */
    private static final class Stopped extends Exception {
        Stopped(Throwable cause) {
            super(cause);
        }
    }

    @Override
    public Integer call() {
        try {
            try (var listener = step("connect and log in", this::connect);
                    var sender = step("connect a second time", this::connect)) {
                step("run a query", () -> query(sender));
                step("LISTEN", () -> execute(listener, "LISTEN " + Identifier.quote(channel)));
                step("NOTIFY", () -> sendOverSql(sender));
                step("the probe over the wire", () -> receive(listener));
                if (http.isPresent()) {
                    overHttp(http.get(), sender);
                }
            } catch (SQLException e) {
                throw new Stopped(e);
            }
            spec.commandLine().getOut().println("all is well");
            return CommandLine.ExitCode.OK;
        } catch (Stopped e) {
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private void overHttp(URI server, Connection sender) throws Stopped {
        try (var client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            step("GET /health", () -> require(client, get(server, "/health"), 200));
            step("GET /ready", () -> require(client, get(server, "/ready"), 200));
            step("GET /metrics", () -> require(client, get(server, "/metrics"), 200));
            if (token.isEmpty()) {
                spec.commandLine().getOut().println("skipped     WebSocket: it takes a --token");
                return;
            }
            var ears = new Ears(probe);
            var socket = step("WebSocket", () -> connect(client, server, ears));
            try {
                step("subscribe", () -> await(ears.subscribed));
                step("NOTIFY", () -> sendOverSql(sender));
                step("the probe over WebSocket", () -> await(ears.first));
                step("POST /channels", () -> require(client, post(server), 204));
                step("the probe over WebSocket again", () -> await(ears.second));
            } finally {
                socket.abort();
            }
        }
    }

    private <T> T step(String name, Step<T> step) throws Stopped {
        var out = spec.commandLine().getOut();
        long begin = System.nanoTime();
        try {
            var found = step.run();
            out.printf("%7.1f ms  %s%n", (System.nanoTime() - begin) / NANOS_PER_MILLI, name);
            return found;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Stopped(e);
        } catch (Exception e) {
            var cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
            out.println("stops here  " + name + ": " + why(cause));
            throw new Stopped(cause);
        }
    }

    private static String why(Throwable cause) {
        return cause instanceof SQLException sql
                ? ErrorLine.of(sql)
                : cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private Connection connect() throws SQLException {
        return ServerUrl.parse(url).connect("heliosdb doctor", "simple");
    }

    private static boolean query(Connection connection) throws SQLException {
        return execute(connection, "SELECT 1");
    }

    private static boolean execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            return statement.execute(sql);
        }
    }

    private boolean sendOverSql(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
            statement.setString(1, channel);
            statement.setString(2, probe);
            return statement.execute();
        }
    }

    private boolean receive(Connection connection) throws SQLException, TimeoutException {
        var notified = connection.unwrap(PGConnection.class);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            for (var notification : notified.getNotifications((int) PATIENCE.toMillis())) {
                if (notification.getParameter().equals(probe)) {
                    return true;
                }
            }
        }
        throw late();
    }

    private static TimeoutException late() {
        return new TimeoutException("it did not come within " + PATIENCE.toSeconds() + " s");
    }

    private HttpRequest.Builder get(URI server, String path) {
        var request = HttpRequest.newBuilder(server.resolve(path)).timeout(PATIENCE);
        token.ifPresent(word -> request.header("Authorization", "Bearer " + word));
        return request;
    }

    private HttpRequest.Builder post(URI server) {
        return get(server, "/channels/" + channel).POST(BodyPublishers.ofString(probe));
    }

    private static boolean require(HttpClient client, HttpRequest.Builder request, int status)
            throws IOException, InterruptedException {
        var answer = client.send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() != status) {
            throw new IOException("status " + answer.statusCode() + ": " + answer.body().strip());
        }
        return true;
    }

    private WebSocket connect(HttpClient client, URI server, Ears ears) throws Exception {
        var uri = URI.create(server.resolve("/ws").toString().replaceFirst("^http", "ws"));
        var socket =
                client.newWebSocketBuilder()
                        .subprotocols("heliosdb.v1")
                        .header("Authorization", "Bearer " + token.orElseThrow())
                        .connectTimeout(PATIENCE)
                        .buildAsync(uri, ears)
                        .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        socket.sendText(
                        "{\"type\":\"subscribe\",\"id\":\"probe\",\"channel\":\"" + channel + "\"}",
                        true)
                .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        return socket;
    }

    private static boolean await(CompletableFuture<Boolean> moment) throws Exception {
        try {
            return moment.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw late();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    /** What the relay says. */
    private static final class Ears implements WebSocket.Listener {
        private final String probe;
        private final CompletableFuture<Boolean> subscribed = new CompletableFuture<>();
        private final CompletableFuture<Boolean> first = new CompletableFuture<>();
        private final CompletableFuture<Boolean> second = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();

        Ears(String probe) {
            this.probe = probe;
        }

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                hear(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void hear(String message) {
            if (message.startsWith("{\"type\":\"subscribed\"")) {
                subscribed.complete(true);
            } else if (message.startsWith("{\"type\":\"error\"")) {
                subscribed.completeExceptionally(new IOException(message));
            } else if (message.contains(probe) && !first.complete(true)) {
                second.complete(true);
            }
        }
    }
}
