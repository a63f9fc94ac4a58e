package io.heliosdb.session;

import io.heliosdb.engine.ExportedSnapshot;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The snapshots that sessions offer to others, by their names. Thread-safe. */
public final class ExportedSnapshots {
    private final AtomicInteger last = new AtomicInteger();
    private final Map<String, ExportedSnapshot> byName = new ConcurrentHashMap<>();

    ExportedSnapshots() {}

    /**
     * Offers a snapshot.
     *
     * @param snapshot it
     * @param pid the session that offers it
     * @return its name, as PostgreSQL forms it
     */
    public String add(ExportedSnapshot snapshot, int pid) {
        String name = "%08X-%08X-1".formatted(pid, last.incrementAndGet());
        byName.put(name, snapshot);
        return name;
    }

    /**
     * Offers a snapshot no more; who has taken it over keeps it.
     *
     * @param name its name
     */
    public void remove(String name) {
        var snapshot = byName.remove(name);
        if (snapshot != null) {
            snapshot.close();
        }
    }

    Optional<ExportedSnapshot> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }
}
