package io.heliosdb.replication;

import io.heliosdb.engine.TableId;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All publications, and the replica identities that are not the default, at one moment. */
public final class PublicationSet {
    static final PublicationSet EMPTY = new PublicationSet(Map.of(), Map.of());

    private final Map<Integer, Publication> publications;
    private final Map<TableId, ReplicaIdentity> identities;

    private PublicationSet(
            Map<Integer, Publication> publications, Map<TableId, ReplicaIdentity> identities) {
        this.publications = publications;
        this.identities = identities;
    }

    /** One step of a transaction that changes what is published. */
    sealed interface Change {
        /** A publication is there, in the place of the one of its number. */
        record Put(Publication publication) implements Change {}

        /** A publication is gone. */
        record Remove(int oid) implements Change {}

        /** A table has an identity; the default where there is nothing to say. */
        record Identify(TableId table, ReplicaIdentity identity) implements Change {}
    }

    /**
     * All publications.
     *
     * @return in no order
     */
    public List<Publication> all() {
        return List.copyOf(publications.values());
    }

    /** Whether nothing is published. */
    boolean isEmpty() {
        return publications.isEmpty();
    }

    /**
     * A publication by its name.
     *
     * @param name its name
     * @return nothing where there is none
     */
    public Optional<Publication> find(String name) {
        return publications.values().stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /**
     * What of a table's old rows is published.
     *
     * @param table the table
     * @return the default where nothing was said
     */
    public ReplicaIdentity identity(TableId table) {
        return identities.getOrDefault(table, ReplicaIdentity.DEFAULT);
    }

    Map<TableId, ReplicaIdentity> identities() {
        return identities;
    }

    PublicationSet with(List<Change> changes) {
        if (changes.isEmpty()) {
            return this;
        }
        var all = new HashMap<>(publications);
        var tables = new HashMap<>(identities);
        for (var change : changes) {
            switch (change) {
                case Change.Put(var publication) -> all.put(publication.oid(), publication);
                case Change.Remove(int oid) -> all.remove(oid);
                case Change.Identify(var table, var identity) -> {
                    if (identity.equals(ReplicaIdentity.DEFAULT)) {
                        tables.remove(table);
                    } else {
                        tables.put(table, identity);
                    }
                }
            }
        }
        return new PublicationSet(Map.copyOf(all), Map.copyOf(tables));
    }
}
