package io.heliosdb.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.Token;
import io.heliosdb.relay.ClientMessage.DeliveryOptions;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** What each path does, except for WebSocket. Every request has a virtual thread of its own. */
final class Routes extends Handler.Abstract.NonBlocking {
    private static final System.Logger LOG = System.getLogger(Routes.class.getName());
    private static final String CHANNELS = "/channels/";
    private static final String SUBSCRIPTION = "events";
    private static final int BODY_BUFFER = 8192;

    private final RelayContext context;
    private final ConsoleAccess console;
    private final Gate gate;
    private final StaticFiles files = new StaticFiles();

    Routes(RelayContext context, ConsoleAccess console, Gate gate) {
        this.context = context;
        this.console = console;
        this.gate = gate;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Thread.ofVirtual().name("heliosdb-http").start(() -> answer(request, response, callback));
        return true;
    }

    private void answer(Request request, Response response, Callback callback) {
        Reply reply;
        try {
            allowOrigin(request, response);
            var path = Request.getPathInContext(request);
            if (path.equals("/events") && request.getMethod().equals("GET")) {
                stream(request, response, callback);
                return;
            }
            reply = reply(request, path);
        } catch (PgException e) {
            reply = Reply.error(e);
        } catch (IOException e) {
            callback.failed(e);
            return;
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "a request could not be answered", e);
            reply = Reply.text(500, "internal error");
        }
        send(response, callback, reply);
    }

    private static void send(Response response, Callback callback, Reply reply) {
        var headers = response.getHeaders();
        response.setStatus(reply.status());
        headers.put(HttpHeader.CONTENT_TYPE, reply.contentType());
        headers.put("X-Content-Type-Options", "nosniff");
        if (headers.get(HttpHeader.CACHE_CONTROL) == null) {
            headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        }
        headers.put(HttpHeader.CONTENT_LENGTH, reply.body().length);
        if (reply.status() == 401) {
            headers.put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
        }
        StaticFiles.secure(headers);
        response.write(true, ByteBuffer.wrap(reply.body()), callback);
    }

    private Reply reply(Request request, String path) throws IOException {
        var call = request.getMethod() + ' ' + path;
        switch (call) {
            case "GET /health" -> {
                return Reply.text(200, "ok");
            }
            case "GET /ready" -> {
                return context.source().isOpen()
                        ? Reply.text(200, "ready")
                        : Reply.text(503, "not ready");
            }
            case "GET /metrics" -> {
                return new Reply(200, Metrics.CONTENT_TYPE, context.metrics().text());
            }
            case "POST /ack" -> {
                return acknowledge(request);
            }
            case "POST /console/session" -> {
                return enterConsole(request);
            }
            case "GET /console/state" -> {
                grant(request).requireOperator();
                return new ConsoleState(context).reply();
            }
            case "POST /console/sql" -> {
                grant(request).requireOperator();
                var address = Request.getRemoteAddr(request);
                return ConsoleSql.run(context.source().instance(), body(request), address);
            }
            default -> {}
        }
        if (request.getMethod().equals("OPTIONS")) {
            return Reply.text(204, "");
        }
        if (path.startsWith(CHANNELS) && request.getMethod().equals("POST")) {
            return publish(request, path.substring(CHANNELS.length()));
        }
        var file = request.getMethod().equals("GET") ? files.find(path) : Optional.<Reply>empty();
        return file.orElseGet(() -> Reply.text(404, "not found"));
    }

    private Reply publish(Request request, String encoded) throws IOException {
        var channel = URLDecoder.decode(encoded.replace("+", "%2B"), UTF_8);
        var grant = grant(request);
        grant.requirePublish(channel);
        if (ChannelPatterns.isWildcard(channel)) {
            throw new PgException(
                    SqlState.INVALID_PARAMETER_VALUE, "a wildcard cannot be published to");
        }
        context.source().publish(channel, body(request));
        return Reply.text(204, "");
    }

    /** For consumers that listen over server-sent events, which go one way. */
    private Reply acknowledge(Request request) throws IOException {
        var grant = grant(request);
        var fields = Fields.read(body(request));
        var consumer = fields.string("consumer");
        var token = Token.parse(fields.string("token"));
        fields.requireNoMore();
        context.peers().acknowledge(grant.subject(), consumer, token);
        return Reply.text(204, "");
    }

    private Reply enterConsole(Request request) throws IOException {
        var fields = Fields.read(body(request));
        var token = fields.string("token");
        fields.requireNoMore();
        var key =
                console.enter(token)
                        .orElseThrow(() ->
                                new PgException(
                                        SqlState.INVALID_AUTHORIZATION_SPECIFICATION,
                                        "this is not the console's token"));
        return Reply.json(200, json -> json.writeStringField("session", key));
    }

    private String body(Request request) throws IOException {
        int max = context.limits().frameBytesMax();
        long deadline = System.nanoTime() + context.limits().idleTimeout().toNanos();
        var body = new ByteArrayOutputStream();
        var buffer = new byte[BODY_BUFFER];
        try (var in = Content.Source.asInputStream(request)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                body.write(buffer, 0, n);
                if (body.size() > max || System.nanoTime() - deadline > 0) {
                    throw new PgException(
                            SqlState.PROGRAM_LIMIT_EXCEEDED,
                            "the body is longer than " + max + " bytes, or comes too slowly");
                }
            }
        }
        var bytes = body.toByteArray();
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw JsonText.invalid("the body is not UTF-8");
        }
    }

    private void stream(Request request, Response response, Callback callback) throws IOException {
        var grant = grant(request);
        var query = Request.extractQueryParameters(request, UTF_8);
        var channels = query.getValuesOrEmpty("channel");
        if (channels.isEmpty()) {
            throw new PgException(SqlState.INVALID_PARAMETER_VALUE, "the request names no channel");
        }
        channels.forEach(grant::requireSubscribe);
        var last = request.getHeaders().get("Last-Event-ID");
        var since = last == null ? query.getValue("since") : last;
        var delivery =
                new DeliveryOptions(
                        since == null ? null : Token.parse(since),
                        query.getValue("consumer"),
                        0,
                        ClientMessage.policy(query.getValue("policy")));
        if (!context.peers().admit()) {
            throw new PgException(SqlState.TOO_MANY_CONNECTIONS, "sorry, too many peers already");
        }
        new Stream(request, response, callback, grant).begin(channels, delivery);
    }

    /** A request whose answer goes on. */
    private final class Stream {
        private final Request request;
        private final Response response;
        private final EventStreamLink link;
        private final Peer peer;

        Stream(Request request, Response response, Callback callback, Grant grant) {
            this.request = request;
            this.response = response;
            link =
                    new EventStreamLink(
                            response,
                            callback,
                            context.limits().writeTimeout(),
                            this::alive,
                            this::left);
            peer = new Peer(context.peers().newName(), link, grant, context);
        }

        void begin(List<String> channels, DeliveryOptions delivery) {
            var headers = response.getHeaders();
            response.setStatus(200);
            headers.put(HttpHeader.CONTENT_TYPE, "text/event-stream");
            headers.put(HttpHeader.CACHE_CONTROL, "no-store");
            headers.put("X-Accel-Buffering", "no");
            request.addIdleTimeoutListener(Stream::isIdleTooLong);
            request.addFailureListener(link::fail);
            context.peers().add(peer);
            try {
                link.begin();
                peer.subscribe(SUBSCRIPTION, channels, delivery);
            } catch (PgException e) {
                refuse(e);
            } catch (IOException e) {
                link.fail(e);
            }
        }

        /** The stream has begun, so it is told there. */
        private void refuse(PgException e) {
            try {
                link.send(Outgoing.error(SUBSCRIPTION, e));
                link.close(Link.POLICY_VIOLATION, e.report().message());
            } catch (IOException gone) {
                link.fail(gone);
            }
        }

        private static boolean isIdleTooLong(TimeoutException timeout) {
            return false; // looked after by Peers
        }

        private void alive() {
            peer.heard();
        }

        private void left() {
            context.peers().leave();
            peer.close();
        }
    }

    /** Who asks. */
    private Grant grant(Request request) {
        var credential = credential(request);
        if (credential != null) {
            return context.credentials().grant(credential);
        }
        return context.credentials()
                .anonymous()
                .orElseThrow(() ->
                        new PgException(
                                SqlState.INVALID_AUTHORIZATION_SPECIFICATION,
                                "a credential is needed"));
    }

    /**
     * What a request brings with it: a bearer token, an API key, or where a browser can set no
     * headers, a parameter. Null for nothing.
     */
    static @Nullable String credential(Request request) {
        var authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return authorization.substring(7).strip();
        }
        var key = request.getHeaders().get("X-API-Key");
        return key == null
                ? Request.extractQueryParameters(request, UTF_8).getValue("access_token")
                : key;
    }

    private void allowOrigin(Request request, Response response) {
        var origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (gate.isForeign(origin)) {
            var headers = response.getHeaders();
            headers.put("Access-Control-Allow-Origin", origin);
            headers.put(HttpHeader.VARY, "Origin");
            headers.put("Access-Control-Allow-Methods", "GET, POST");
            headers.put(
                    "Access-Control-Allow-Headers",
                    "Authorization, Content-Type, Last-Event-ID, X-API-Key");
        }
    }
}
