package io.heliosdb.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

import java.nio.ByteBuffer;

/** Turns away requests that are not meant for this server, or come from a strange page. */
final class Door extends Handler.Wrapper {
    private final Gate gate;

    Door(Gate gate, Handler next) {
        super(next);
        this.gate = gate;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        var host = request.getHeaders().get(HttpHeader.HOST);
        if (host == null || !gate.allowsHost(host)) {
            refuse(response, callback, 421, "this host is not served here; see allowed_hosts");
            return true;
        }
        if (!gate.allowsOrigin(request.getHeaders().get(HttpHeader.ORIGIN), host)) {
            refuse(response, callback, 403, "this origin is not allowed; see allowed_origins");
            return true;
        }
        return super.handle(request, response, callback);
    }

    private static void refuse(Response response, Callback callback, int status, String why) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
        response.write(true, ByteBuffer.wrap((why + "\n").getBytes(UTF_8)), callback);
    }
}
