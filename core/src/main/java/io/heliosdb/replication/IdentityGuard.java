package io.heliosdb.replication;

import io.heliosdb.engine.ChangeGuard;
import io.heliosdb.engine.Engine;
import io.heliosdb.engine.RowEvent;
import io.heliosdb.engine.TableId;
import io.heliosdb.engine.TableShape;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.replication.Publication.Actions;
import io.heliosdb.replication.Publication.PublishedTable;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Refuses updates and deletes that could not be told of, since nothing tells the rows of their
 * published table apart. Any thread.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/15/logical-replication-publication.html">PostgreSQL:
 *     publication</a>
 */
final class IdentityGuard implements ChangeGuard {
    private final PublicationCatalog catalog;
    private final Engine engine;
    private volatile Known known = new Known(PublicationSet.EMPTY, -1);

    /** What was found out for the publications and tables of one moment. */
    private record Known(
            PublicationSet publications,
            long schemaVersion,
            Map<TableId, Optional<PgException>> updates,
            Map<TableId, Optional<PgException>> deletes) {
        Known(PublicationSet publications, long schemaVersion) {
            this(publications, schemaVersion, new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
        }
    }

    IdentityGuard(PublicationCatalog catalog, Engine engine) {
        this.catalog = catalog;
        this.engine = engine;
    }

    @Override
    public void require(TableId table, RowEvent event) {
        var publications = catalog.committed();
        if (publications.isEmpty()) {
            return;
        }
        long version = engine.schemaVersion();
        var now = known;
        if (now.publications != publications || now.schemaVersion != version) {
            now = new Known(publications, version);
            known = now;
        }
        var verdicts = event == RowEvent.UPDATE ? now.updates : now.deletes;
        var verdict = verdicts.computeIfAbsent(table, each -> verdict(publications, each, event));
        if (verdict.isPresent()) {
            // Thrown anew: it is about another statement.
            throw new PgException(verdict.get().report(), null);
        }
    }

    private Optional<PgException> verdict(PublicationSet publications, TableId id, RowEvent event) {
        boolean isUpdate = event == RowEvent.UPDATE;
        Predicate<Actions> isTold = isUpdate ? Actions::update : Actions::delete;
        var having =
                publications.all().stream()
                        .filter(each -> isTold.test(each.actions()) && each.publishes(id))
                        .toList();
        var table = engine.schema().table(id.schema(), id.name());
        if (having.isEmpty() || table.isEmpty() || id.schema().equals(Engine.SYSTEM_SCHEMA)) {
            return Optional.empty();
        }
        var shape = TableShape.of(table.get());
        var identity = publications.identity(id);
        boolean isFull = identity.kind() == 'f';
        var key = Set.copyOf(identity.key(shape));
        String refused =
                (isUpdate ? "cannot update table \"" : "cannot delete from table \"")
                        + id.name()
                        + '"';
        if (!isFull && !key.containsAll(filtered(having, shape))) {
            return Optional.of(
                    new PgException(SqlState.INVALID_COLUMN_REFERENCE, refused)
                            .withDetail(
                                    "Column used in the publication WHERE expression is not part of"
                                            + " the replica identity."));
        }
        if (hasShortList(having, id, isFull, key)) {
            return Optional.of(
                    new PgException(SqlState.INVALID_COLUMN_REFERENCE, refused)
                            .withDetail(
                                    "Column list used by the publication does not cover the replica"
                                            + " identity."));
        }
        if (isFull || !key.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new PgException(
                                SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                                refused
                                        + " because it does not have a replica identity and"
                                        + " publishes "
                                        + (isUpdate ? "updates" : "deletes"))
                        .withHint(
                                "To enable "
                                        + (isUpdate ? "updating" : "deleting from")
                                        + " the table, set REPLICA IDENTITY using ALTER TABLE."));
    }

    /** The columns that conditions look at. */
    private static Set<String> filtered(List<Publication> publications, TableShape shape) {
        var names = new HashSet<String>();
        for (var publication : publications) {
            publication
                    .member(shape.id())
                    .flatMap(PublishedTable::filter)
                    .ifPresent(condition -> names.addAll(RowFilter.columns(condition, shape)));
        }
        return names;
    }

    private static boolean hasShortList(
            List<Publication> publications, TableId id, boolean isFull, Set<String> key) {
        return publications.stream()
                .map(each -> each.member(id).flatMap(PublishedTable::columns))
                .flatMap(Optional::stream)
                .anyMatch(columns -> isFull || !Set.copyOf(columns).containsAll(key));
    }
}
