package io.heliosdb.listener;

import io.heliosdb.HeliosConfig;
import io.heliosdb.HeliosDb;
import io.heliosdb.HeliosServer;
import io.heliosdb.client.TestServer;
import io.heliosdb.config.Settings;

/** HeliosDB-Lite on a port, one for all tests of a JVM. */
final class HeliosServed implements TestServer {
    private static final HeliosServed SHARED = new HeliosServed();

    private final HeliosServer server;

    private HeliosServed() {
        server = HeliosDb.open(HeliosConfig.inMemory().with(Settings.PORT, 0)).serve();
    }

    static HeliosServed shared() {
        return SHARED;
    }

    @Override
    public int port() {
        return server.port();
    }
}
