package io.heliosdb.replication;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.TableId;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;
import io.heliosdb.replication.Publication.PublishedTable;
import io.heliosdb.replication.PublicationSet.Change;
import io.heliosdb.sql.PublicationStatement;

import java.util.ArrayList;
import java.util.List;

/**
 * The publications as one session defines and sees them: the committed ones with those of its own
 * transaction on top. Confined to the session's thread.
 */
public final class SessionPublications {
    private final PublicationCatalog catalog;
    private final EngineSession engine;
    private final ReplicationHost host;
    private final PublicationRows rows;
    private final PublicationObjects objects;
    private final List<Change> changes = new ArrayList<>();

    /**
     * The publications of a session.
     *
     * @param catalog the instance's publications
     * @param engine the session's rows
     * @param host the session itself
     */
    public SessionPublications(
            PublicationCatalog catalog, EngineSession engine, ReplicationHost host) {
        this.catalog = catalog;
        this.engine = engine;
        this.host = host;
        rows = new PublicationRows(engine);
        objects = new PublicationObjects(engine, host);
    }

    /**
     * What the transaction sees.
     *
     * @return a snapshot
     */
    public PublicationSet visible() {
        return catalog.committed().with(changes);
    }

    /**
     * Runs a statement.
     *
     * @param statement what to define
     * @return its tag
     * @throws PgException 42710, 42704, 42P01, 42703, 3F000, 22023, 55000, 42601, 42809
     */
    public String run(PublicationStatement statement) {
        switch (statement) {
            case PublicationStatement.Create create -> create(create);
            case PublicationStatement.Alter alter -> alter(alter);
            case PublicationStatement.Drop drop -> drop(drop);
            case PublicationStatement.ReplicaIdentity identity -> identify(identity);
        }
        return statement.tag();
    }

    private void create(PublicationStatement.Create create) {
        requireFree(create.name());
        var options = PublicationOptions.DEFAULT.with(create.options());
        var tables = objects.tables(create.name(), create.objects(), create.offset());
        put(
                new Publication(
                        catalog.nextOid(),
                        create.name(),
                        host.user(),
                        create.allTables(),
                        tables,
                        objects.schemas(create.objects()),
                        options.actions(),
                        options.viaRoot()));
    }

    private void alter(PublicationStatement.Alter alter) {
        var publication = require(alter.name());
        switch (alter.change()) {
            case PublicationStatement.Rename(String name) -> {
                requireFree(name);
                put(publication.renamed(name));
            }
            case PublicationStatement.Owner(String role) -> {
                host.requireRole(role);
                put(publication.owned(role));
            }
            case PublicationStatement.Options(var given) -> {
                var options =
                        new PublicationOptions(publication.actions(), publication.viaRoot())
                                .with(given);
                put(publication.with(options.actions(), options.viaRoot()));
            }
            case PublicationStatement.Objects change ->
                    put(objects.changed(publication, change, alter.offset()));
        }
    }

    private void drop(PublicationStatement.Drop drop) {
        for (String name : drop.names()) {
            var found = visible().find(name);
            if (found.isPresent()) {
                note(new Change.Remove(found.get().oid()));
            } else if (drop.ifExists()) {
                host.notice(
                        Report.of(
                                Severity.NOTICE,
                                SqlState.SUCCESSFUL_COMPLETION,
                                "publication \"" + name + "\" does not exist, skipping"));
            } else {
                throw missing(name);
            }
        }
    }

    private void identify(PublicationStatement.ReplicaIdentity statement) {
        var found = host.table(statement.table());
        if (found.isEmpty() && statement.ifExists()) {
            host.notice(
                    Report.of(
                            Severity.NOTICE,
                            SqlState.SUCCESSFUL_COMPLETION,
                            "relation \""
                                    + statement.table().name()
                                    + "\" does not exist, skipping"));
            return;
        }
        var table = found.orElseThrow(() -> PublicationObjects.noTable(statement.table()));
        if (table.isView()) {
            throw new PgException(
                            SqlState.WRONG_OBJECT_TYPE,
                            "ALTER action REPLICA IDENTITY cannot be performed on relation \"%s\""
                                    .formatted(table.id().name()))
                    .withDetail("This operation is not supported for views.");
        }
        statement.index().ifPresent(index -> IdentityIndexes.require(table, index));
        note(
                new Change.Identify(
                        table.id(),
                        new ReplicaIdentity(statement.kind(), statement.index().orElse(null))));
        catalog.places().locate(table.id(), engine);
    }

    /**
     * Has the publications follow tables that a definition has renamed or dropped.
     *
     * @return whether they have changed, in the transaction
     */
    public boolean afterDefinition() {
        int before = changes.size();
        var visible = visible();
        var schemas = engine.engine().schema().names();
        for (var publication : visible.all()) {
            var tables = new ArrayList<PublishedTable>();
            for (var member : publication.tables()) {
                catalog.places()
                        .locate(member.table(), engine)
                        .map(now -> new PublishedTable(now, member.columns(), member.filter()))
                        .ifPresent(tables::add);
            }
            var kept = publication.schemas().stream().filter(schemas::contains).toList();
            if (!tables.equals(publication.tables()) || !kept.equals(publication.schemas())) {
                put(publication.with(tables, kept));
            }
        }
        visible.identities()
                .forEach((table, identity) -> {
                    var now = catalog.places().locate(table, engine);
                    if (now.filter(table::equals).isEmpty()) {
                        note(new Change.Identify(table, ReplicaIdentity.DEFAULT));
                        now.ifPresent(renamed -> note(new Change.Identify(renamed, identity)));
                    }
                });
        return changes.size() > before;
    }

    /**
     * Whether the transaction has changed what is published.
     *
     * @return whether its commit does
     */
    public boolean hasChanges() {
        return !changes.isEmpty();
    }

    /**
     * A place in the transaction to go back to.
     *
     * @return for {@link #rollbackTo}
     */
    public int mark() {
        return changes.size();
    }

    /**
     * Forgets what came after a mark; the rows are rolled back by the caller.
     *
     * @param mark from {@link #mark}, in the same transaction
     */
    public void rollbackTo(int mark) {
        changes.subList(mark, changes.size()).clear();
    }

    /** The transaction has committed: everybody sees what it did. */
    public void commit() {
        if (!changes.isEmpty()) {
            catalog.apply(List.copyOf(changes));
            changes.clear();
        }
    }

    private void put(Publication publication) {
        try {
            note(new Change.Put(publication));
        } catch (PgException e) {
            throw e.sqlState().equals(SqlState.UNIQUE_VIOLATION) ? taken(publication.name()) : e;
        }
        for (var member : publication.tables()) {
            catalog.places().locate(member.table(), engine);
        }
    }

    private void note(Change change) {
        rows.write(change);
        changes.add(change);
    }

    private Publication require(String name) {
        return visible().find(name).orElseThrow(() -> missing(name));
    }

    private void requireFree(String name) {
        if (visible().find(name).isPresent()) {
            throw taken(name);
        }
    }

    private static PgException taken(String name) {
        return new PgException(
                SqlState.DUPLICATE_OBJECT, "publication \"" + name + "\" already exists");
    }

    static PgException missing(String name) {
        return new PgException(
                SqlState.UNDEFINED_OBJECT, "publication \"" + name + "\" does not exist");
    }

    /** The schema of a table, for messages. */
    static String qualified(TableId table) {
        return table.schema() + '.' + table.name();
    }
}
