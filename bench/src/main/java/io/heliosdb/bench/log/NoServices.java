package io.heliosdb.bench.log;

import io.heliosdb.engine.SessionServices;
import io.heliosdb.pg.Report;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What functions find where nobody listens and nothing is set. */
public final class NoServices implements SessionServices {
    /** Makes one, for any number of sessions. */
    public NoServices() {}

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
        return "postgres";
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
