package io.heliosdb.relay;

import io.heliosdb.pg.PgException;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;
import org.eclipse.jetty.websocket.core.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;

/**
 * Lets peers in over WebSocket. A credential comes in a header or, from browsers, as a parameter or
 * as a subprotocol {@code bearer.…} beside ours. Messages are not compressed: a peer's compressor
 * would take more memory than all else of it.
 */
final class WebSocketDoor extends WebSocketUpgradeHandler {
    private static final String PROTOCOL = "heliosdb.v1";
    private static final String BEARER = "bearer.";

    private final RelayContext context;

    WebSocketDoor(RelayContext context, Handler next) {
        super(components());
        this.context = context;
        setHandler(next);
        addMapping("/ws", new Negotiator());
    }

    private static WebSocketComponents components() {
        var components = new WebSocketComponents();
        components.getExtensionRegistry().unregister("permessage-deflate");
        return components;
    }

    private final class Negotiator extends WebSocketNegotiator.AbstractNegotiator {
        @Override
        public @Nullable FrameHandler negotiate(
                ServerUpgradeRequest request, ServerUpgradeResponse response, Callback callback) {
            Grant grant;
            try {
                grant = grant(request);
            } catch (PgException e) {
                return refuse(request, response, callback, 401, e.report().message());
            }
            if (grant == null) {
                return refuse(request, response, callback, 401, "a credential is needed");
            }
            if (!request.hasSubProtocol(PROTOCOL)) {
                return refuse(request, response, callback, 400, "the subprotocol is " + PROTOCOL);
            }
            if (!context.peers().admit()) {
                return refuse(request, response, callback, 503, "sorry, too many peers already");
            }
            response.setAcceptedSubProtocol(PROTOCOL);
            var peers = context.peers();
            return new WebSocketLink(
                    context.limits().frameBytesMax(),
                    context.limits().writeTimeout(),
                    link -> {
                        var peer = new Peer(peers.newName(), link, grant, context);
                        peers.add(peer);
                        return peer;
                    },
                    peers::leave);
        }

        private @Nullable Grant grant(ServerUpgradeRequest request) {
            var credential = Routes.credential(request);
            for (var protocol : request.getSubProtocols()) {
                if (credential == null && protocol.startsWith(BEARER)) {
                    credential = protocol.substring(BEARER.length());
                }
            }
            return credential == null
                    ? context.credentials().anonymous().orElse(null)
                    : context.credentials().grant(credential);
        }

        private static @Nullable FrameHandler refuse(
                ServerUpgradeRequest request,
                ServerUpgradeResponse response,
                Callback callback,
                int status,
                String why) {
            Response.writeError(request, response, callback, status, why);
            return null;
        }
    }
}
