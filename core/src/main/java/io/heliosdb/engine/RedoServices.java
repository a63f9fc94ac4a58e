package io.heliosdb.engine;

import io.heliosdb.pg.Report;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What functions find that run while the log is replayed: nobody listens, nothing is set. */
final class RedoServices implements SessionServices {
    private final String user;

    RedoServices(String user) {
        this.user = user;
    }

    @Override
    public void notify(@Nullable String channel, @Nullable String payload) {}

    @Override
    public List<String> listeningChannels() {
        return List.of();
    }

    @Override
    public double queueUsage() {
        return 0;
    }

    @Override
    public int backendPid() {
        return 0;
    }

    @Override
    public boolean signal(int pid, boolean ends) {
        return false;
    }

    @Override
    public String user() {
        return user;
    }

    @Override
    public String database() {
        return "";
    }

    @Override
    public @Nullable String setting(String name, boolean missingOk) {
        return null;
    }

    @Override
    public String set(String name, @Nullable String value, boolean local) {
        return value == null ? "" : value;
    }

    @Override
    public void notice(Report report) {}
}
