package io.heliosdb.session;

import io.heliosdb.engine.SessionServices;
import io.heliosdb.pg.Report;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Stands where the program itself, and no client, reads and writes its system tables. */
final class SystemServices implements SessionServices {
    @Override
    public void notify(@Nullable String channel, @Nullable String payload) {
        throw new IllegalStateException("the system notifies nobody");
    }

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
        return Roles.SUPERUSER;
    }

    @Override
    public String database() {
        return Instance.DATABASE;
    }

    @Override
    public @Nullable String setting(String name, boolean missingOk) {
        return null;
    }

    @Override
    public String set(String name, @Nullable String value, boolean local) {
        throw new IllegalStateException("the system has no settings");
    }

    @Override
    public void notice(Report report) {}
}
