package io.heliosdb.listener;

import io.heliosdb.HeliosConfig;
import io.heliosdb.HeliosDb;
import io.heliosdb.HeliosServer;
import io.heliosdb.client.CutsContract;
import io.heliosdb.client.TestServer;
import io.heliosdb.config.Settings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** Random cuts on HeliosDB-Lite with a log: nothing is missed, and nothing comes twice. */
final class CutsOnHistoryTest extends CutsContract {
    @TempDir private Path directory;
    private HeliosDb db;
    private HeliosServer server;

    @BeforeEach
    void start() {
        db = HeliosDb.open(HeliosConfig.at(directory).with(Settings.PORT, 0));
        server = db.serve();
    }

    @AfterEach
    void stop() {
        server.close();
        db.close();
    }

    @Override
    protected TestServer server() {
        return server::port;
    }

    @Override
    protected boolean resumes() {
        return true;
    }
}
