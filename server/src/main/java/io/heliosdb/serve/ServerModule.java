package io.heliosdb.serve;

import io.heliosdb.jdbc.HeliosDataSource;
import io.heliosdb.pgwire.WireOptions;
import io.heliosdb.pgwire.WireOptions.Authentication;
import io.heliosdb.pgwire.WireOptions.Tls;
import io.heliosdb.relay.RelayServer;
import io.heliosdb.session.Instance;
import io.heliosdb.spi.HttpRequest;
import io.heliosdb.spi.HttpServer;
import io.heliosdb.spi.RemoteDatabase;
import io.heliosdb.spi.ServeRequest;
import io.heliosdb.spi.ServerProvider;
import io.heliosdb.spi.WireServer;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

import javax.sql.DataSource;

/** This module, as the embedded API finds it. */
public final class ServerModule implements ServerProvider {
    /** Called by the service loader. */
    public ServerModule() {}

    @Override
    public WireServer serve(Instance instance, ServeRequest request) {
        var server = io.heliosdb.pgwire.WireServer.start(instance, options(request));
        return new OpenServer(server, true);
    }

    @Override
    public WireServer serve(Instance instance, Path socket) {
        var options = WireOptions.embedded().withUnixSocket(socket);
        return new OpenServer(io.heliosdb.pgwire.WireServer.start(instance, options), false);
    }

    @Override
    public HttpServer serveHttp(Instance instance, HttpRequest request) {
        return RelayServer.start(instance, request);
    }

    @Override
    public DataSource dataSource(Instance instance) {
        return HeliosDataSource.inMemory(instance);
    }

    @Override
    public RemoteDatabase join(Path socket) {
        return JoinedDatabase.join(socket);
    }

    private static WireOptions options(ServeRequest request) {
        var tcp = WireOptions.tcp(request.host(), request.port());
        var options =
                tcp.withAuthentication(authentication(request.auth()))
                        .withConnectionsMax(request.connectionsMax())
                        .withMessageBytesMax(Math.toIntExact(request.messageBytesMax()))
                        .withAuthenticationTimeout(
                                request.authenticationTimeout(), tcp.authenticationFailureDelay())
                        .withClientWriteTimeout(request.writeTimeout());
        if (request.tlsCertificate().isEmpty() || request.tlsKey().isEmpty()) {
            return options;
        }
        return options.withTls(new Tls(request.tlsCertificate().get(), request.tlsKey().get()));
    }

    private static Authentication authentication(String name) {
        return name.equals("trust") ? Authentication.TRUST : Authentication.SCRAM_SHA_256;
    }

    private record OpenServer(io.heliosdb.pgwire.WireServer server, boolean isTcp)
            implements WireServer {
        @Override
        public Optional<InetSocketAddress> address() {
            return isTcp ? Optional.of(server.address()) : Optional.empty();
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
