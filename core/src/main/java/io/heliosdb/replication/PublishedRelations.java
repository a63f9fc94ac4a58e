package io.heliosdb.replication;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.TableId;
import io.heliosdb.engine.TableShape;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tables of a reader's publications, each as it was last seen. Confined to the thread that uses
 * its session.
 */
final class PublishedRelations implements AutoCloseable {
    private final PublicationCatalog catalog;
    private final List<String> names;
    private final EngineSession engine;
    private final Map<TableId, Entry> entries = new HashMap<>();
    private PublicationSet set = PublicationSet.EMPTY;
    private List<Publication> publications = List.of();

    private record Entry(TableShape shape, @Nullable PublishedRelation relation) {}

    PublishedRelations(PublicationCatalog catalog, List<String> names, EngineSession engine) {
        this.catalog = catalog;
        this.names = List.copyOf(names);
        this.engine = engine;
    }

    /**
     * What is published of a table: the same object as long as neither it nor the publications
     * change.
     *
     * @return null where nothing is
     * @throws io.heliosdb.pg.PgException 42704 for a publication that does not exist
     */
    @Nullable PublishedRelation find(TableShape shape) {
        refresh();
        var entry = entries.get(shape.id());
        if (entry == null || !entry.shape.equals(shape)) {
            if (entry != null && entry.relation != null) {
                entry.relation.close();
            }
            var relation =
                    PublishedRelation.of(shape, set.identity(shape.id()), publications, engine);
            entry = new Entry(shape, relation);
            entries.put(shape.id(), entry);
        }
        return entry.relation;
    }

    private void refresh() {
        var now = catalog.committed();
        if (now == set) {
            return;
        }
        publications =
                names.stream()
                        .map(name ->
                                now.find(name).orElseThrow(() -> SessionPublications.missing(name)))
                        .toList();
        set = now;
        close();
    }

    @Override
    public void close() {
        for (var entry : entries.values()) {
            if (entry.relation != null) {
                entry.relation.close();
            }
        }
        entries.clear();
    }
}
