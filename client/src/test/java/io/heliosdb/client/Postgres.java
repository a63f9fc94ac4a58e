package io.heliosdb.client;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A real PostgreSQL 15, one for all tests of a JVM; it can be restarted where it stands. */
final class Postgres implements TestServer {
    private static final Postgres SHARED = new Postgres();

    private final Path data;
    private EmbeddedPostgres server;
    private int port;

    private Postgres() {
        try {
            data = Files.createTempDirectory("heliosdb-client-pg");
            server = start(0);
            port = server.getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
    }

    static Postgres shared() {
        return SHARED;
    }

    @Override
    public int port() {
        return port;
    }

    synchronized void restart() {
        stop();
        try {
            server = start(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private EmbeddedPostgres start(int port) throws IOException {
        var builder =
                EmbeddedPostgres.builder()
                        .setDataDirectory(data)
                        .setCleanDataDirectory(false)
                        .setServerConfig("wal_level", "logical")
                        .setServerConfig("max_connections", "200")
                        .setServerConfig("fsync", "off")
                        .setServerConfig("synchronous_commit", "on")
                        .setLocaleConfig("locale", "C.UTF-8");
        if (port != 0) {
            builder.setPort(port);
        }
        return builder.start();
    }

    private synchronized void stop() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
