package io.heliosdb.session;

import java.util.Collections;
import java.util.Map;

/** The settings that a client is told of, as it was told of them last. Confined to its session. */
final class ReportedSettings {
    private final Settings settings;
    private final SessionClient client;
    private Map<String, String> told;
    private int version;

    /** The client is told of what there is now with its connection. */
    ReportedSettings(Settings settings, SessionClient client) {
        this.settings = settings;
        this.client = client;
        told = settings.reported();
        version = settings.version();
    }

    Map<String, String> told() {
        return Collections.unmodifiableMap(told);
    }

    /** Tells the client of those that have changed. */
    void tell() {
        if (settings.version() == version) {
            return;
        }
        version = settings.version();
        var before = told;
        told = settings.reported();
        told.forEach((name, value) -> {
            if (!value.equals(before.get(name))) {
                client.parameterChanged(name, value);
            }
        });
    }
}
