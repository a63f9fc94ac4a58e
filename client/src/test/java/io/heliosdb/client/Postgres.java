package io.heliosdb.client;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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

    /**
     * Stops the server at once, and starts it again. At a gentle stop it would wait until every
     * reader of a slot has acknowledged everything.
     */
    synchronized void restart() {
        try {
            long pid =
                    Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst());
            var postmaster = ProcessHandle.of(pid).orElseThrow();
            new ProcessBuilder("kill", "-QUIT", String.valueOf(pid)).inheritIO().start().waitFor();
            postmaster.onExit().get(60, TimeUnit.SECONDS);
            server.close();
            server = start(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("PostgreSQL did not stop", e);
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
