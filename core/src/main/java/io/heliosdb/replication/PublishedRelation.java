package io.heliosdb.replication;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.TableShape;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.replication.Publication.Actions;
import io.heliosdb.replication.Publication.PublishedTable;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a reader's publications have of a table: which changes, which columns, which rows. Confined
 * to the thread that uses its session.
 */
final class PublishedRelation implements AutoCloseable {
    private final TableShape shape;
    private final IdentityKeys keys;
    private final ReplicaIdentity identity;
    private final Actions actions;
    private final List<Integer> columns;
    private final int[] places;

    /** For each kind of change the conditions, one of which is enough; null where all rows are. */
    private final @Nullable List<RowFilter> inserts;

    private final @Nullable List<RowFilter> updates;
    private final @Nullable List<RowFilter> deletes;
    private final @Nullable List<RowFilter> existing;
    private final StreamedTable streamed;
    private final List<RowFilter> filters = new ArrayList<>();

    private PublishedRelation(
            TableShape shape,
            ReplicaIdentity identity,
            List<Publication> publications,
            EngineSession engine) {
        this.shape = shape;
        this.identity = identity;
        keys = IdentityKeys.of(shape, identity);
        actions =
                new Actions(
                        any(publications, Actions::insert),
                        any(publications, Actions::update),
                        any(publications, Actions::delete),
                        any(publications, Actions::truncate));
        columns = columns(shape, publications);
        places = columns.stream().mapToInt(Integer::intValue).toArray();
        inserts = filters(publications, Actions::insert, engine);
        updates = filters(publications, Actions::update, engine);
        deletes = filters(publications, Actions::delete, engine);
        existing = filters(publications, actions -> true, engine);
        streamed = StreamedTable.of(this);
    }

    /** Null where none of the publications has the table. */
    static @Nullable PublishedRelation of(
            TableShape shape,
            ReplicaIdentity identity,
            List<Publication> publications,
            EngineSession engine) {
        var having = publications.stream().filter(each -> each.publishes(shape.id())).toList();
        return having.isEmpty() ? null : new PublishedRelation(shape, identity, having, engine);
    }

    private static boolean any(List<Publication> publications, Predicate<Actions> what) {
        return publications.stream().map(Publication::actions).anyMatch(what);
    }

    private static List<Integer> columns(TableShape shape, List<Publication> publications) {
        var lists =
                publications.stream()
                        .map(each -> each.member(shape.id()).flatMap(PublishedTable::columns))
                        .distinct()
                        .toList();
        if (lists.size() > 1) {
            throw new PgException(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "cannot use different column lists for table \"%s\" in different publications"
                            .formatted(SessionPublications.qualified(shape.id())));
        }
        Optional<List<String>> wanted = lists.getFirst();
        var places = new ArrayList<Integer>();
        for (int i = 0; i < shape.columns().size(); i++) {
            var column = shape.columns().get(i);
            boolean isWanted = wanted.isEmpty() || wanted.get().contains(column.name());
            if (isWanted && !column.isGenerated()) {
                places.add(i);
            }
        }
        return List.copyOf(places);
    }

    private @Nullable List<RowFilter> filters(
            List<Publication> publications, Predicate<Actions> what, EngineSession engine) {
        var found = new ArrayList<RowFilter>();
        for (var publication : publications) {
            if (what.test(publication.actions())) {
                boolean isWhole =
                        publication.allTables()
                                || publication.schemas().contains(shape.id().schema());
                var condition = publication.member(shape.id()).flatMap(PublishedTable::filter);
                if (isWhole || condition.isEmpty()) {
                    return null;
                }
                var filter = RowFilter.compile(condition.get(), shape, engine);
                filters.add(filter);
                found.add(filter);
            }
        }
        return found;
    }

    TableShape shape() {
        return shape;
    }

    ReplicaIdentity identity() {
        return identity;
    }

    IdentityKeys keys() {
        return keys;
    }

    /** The places of the published columns. */
    List<Integer> columns() {
        return columns;
    }

    /** What of the table readers in this process get. */
    StreamedTable streamed() {
        return streamed;
    }

    /** The published columns of a row: the row itself where they all are. */
    @Nullable Object[] published(@Nullable Object[] row) {
        if (places.length == row.length) {
            return row;
        }
        var values = new @Nullable Object[places.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = row[places[i]];
        }
        return values;
    }

    /** Whether a row that is there is published, whatever the kinds of changes that are. */
    boolean publishesExisting(@Nullable Object[] row) {
        return isIn(existing, row);
    }

    boolean publishesTruncate() {
        return actions.truncate();
    }

    boolean publishesInsert(@Nullable Object[] row) {
        return actions.insert() && isIn(inserts, row);
    }

    boolean publishesDelete(@Nullable Object[] old) {
        return actions.delete() && keys.isAny() && isIn(deletes, old);
    }

    /** What an update looks like through the publications' conditions. */
    enum Seen {
        /** Neither row is published. */
        NOTHING,
        /** Only the new one is. */
        INSERT,
        /** Both are. */
        UPDATE,
        /** Only the old one is. */
        DELETE
    }

    /**
     * What is seen of an update. The old row counts only where it is told of: else its key, and so
     * all that a condition may look at, is the same.
     */
    Seen seen(@Nullable Object @Nullable [] old, @Nullable Object[] row) {
        if (!actions.update()) {
            return Seen.NOTHING;
        }
        boolean isNewIn = isIn(updates, row);
        if (old == null || updates == null) {
            return isNewIn ? Seen.UPDATE : Seen.NOTHING;
        }
        boolean isOldIn = isIn(updates, old);
        if (isOldIn) {
            return isNewIn ? Seen.UPDATE : Seen.DELETE;
        }
        return isNewIn ? Seen.INSERT : Seen.NOTHING;
    }

    private static boolean isIn(@Nullable List<RowFilter> conditions, @Nullable Object[] row) {
        return conditions == null || conditions.stream().anyMatch(filter -> filter.isTrue(row));
    }

    @Override
    public void close() {
        filters.forEach(RowFilter::close);
    }
}
