package io.heliosdb.engine;

import io.heliosdb.pg.Report;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What functions find where no client is: nobody listens, nothing is set, notices are for nobody.
 * So it is while the log is replayed, and where a program works on the engine alone.
 */
public class QuietServices implements SessionServices {
    private final String user;
    private final String database;

    /**
     * Services for any number of sessions.
     *
     * @param user the name of who runs the statements
     * @param database the name of the database
     */
    public QuietServices(String user, String database) {
        this.user = user;
        this.database = database;
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
        return database;
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
