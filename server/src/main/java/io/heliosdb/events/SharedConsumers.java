package io.heliosdb.events;

import io.heliosdb.session.Instance;

import java.util.HashMap;
import java.util.Map;

/**
 * The consumers of each database that has an open source of events, so that two sources of one
 * database know each other's readers. Thread-safe.
 */
final class SharedConsumers implements AutoCloseable {
    private static final Map<Instance, SharedConsumers> ALL = new HashMap<>();

    private final Instance instance;
    private final Consumers consumers;

    /** How many sources have it; guarded by the map. */
    private int users;

    private SharedConsumers(Instance instance) {
        this.instance = instance;
        consumers = new Consumers(instance.consumers());
    }

    /** Those of a database, for a user that closes them once. */
    static SharedConsumers of(Instance instance) {
        synchronized (ALL) {
            var shared = ALL.computeIfAbsent(instance, SharedConsumers::new);
            shared.users++;
            return shared;
        }
    }

    Consumers consumers() {
        return consumers;
    }

    @Override
    public void close() {
        synchronized (ALL) {
            users--;
            if (users > 0) {
                return;
            }
            ALL.remove(instance);
        }
        if (instance.isOpen()) {
            consumers.close();
        } else {
            consumers.abandon();
        }
    }
}
