package io.heliosdb.engine;

import io.heliosdb.pg.Report;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Services that remember what they were asked. */
final class RecordingServices extends QuietServices {
    /** Channel and payload with a colon between. */
    final List<String> notifications = new ArrayList<>();

    /** The notices sent. */
    final List<Report> notices = new ArrayList<>();

    RecordingServices() {
        super("postgres", "postgres");
    }

    @Override
    public void notify(@Nullable String channel, @Nullable String payload) {
        notifications.add(channel + ":" + payload);
    }

    @Override
    public List<String> listeningChannels() {
        return List.of("a", "b");
    }

    @Override
    public double queueUsage() {
        return 0.25;
    }

    @Override
    public int backendPid() {
        return 4711;
    }

    @Override
    public @Nullable String setting(String name, boolean missingOk) {
        return missingOk ? null : "on";
    }

    @Override
    public void notice(Report report) {
        notices.add(report);
    }
}
