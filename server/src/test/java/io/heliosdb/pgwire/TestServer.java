package io.heliosdb.pgwire;

import io.heliosdb.engine.EngineOptions;
import io.heliosdb.session.Instance;
import io.heliosdb.session.InstanceOptions;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.UnaryOperator;

/** A database in memory, served on a free port of the loopback address. */
final class TestServer implements AutoCloseable {
    private final Instance instance;
    private final WireServer server;

    TestServer(UnaryOperator<WireOptions> options) {
        instance = Instance.open(InstanceOptions.of(EngineOptions.inMemory()));
        server = WireServer.start(instance, options.apply(WireOptions.tcp("127.0.0.1", 0)));
    }

    TestServer() {
        this(UnaryOperator.identity());
    }

    Instance instance() {
        return instance;
    }

    WireServer server() {
        return server;
    }

    InetSocketAddress address() {
        return server.address();
    }

    /** A connection that has said nothing yet. */
    RawClient connect() throws IOException {
        return new RawClient(address());
    }

    /** A session of postgres, ready for a query. */
    RawClient ready() throws IOException {
        return RawClient.ready(address());
    }

    @Override
    public void close() {
        server.close();
        instance.close();
    }
}
