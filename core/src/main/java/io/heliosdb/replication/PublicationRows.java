package io.heliosdb.replication;

import io.heliosdb.engine.EnginePlan;
import io.heliosdb.engine.EngineResult;
import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.TableId;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.type.PgArray;
import io.heliosdb.replication.Publication.Actions;
import io.heliosdb.replication.Publication.PublishedTable;
import io.heliosdb.replication.PublicationSet.Change;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The system tables {@code heliosdb.publications}, {@code heliosdb.publication_members} and {@code
 * heliosdb.replica_identities}, written by ordinary statements in the transaction that defines, so
 * that they are undone, logged and recovered like any row.
 */
final class PublicationRows {
    private final EngineSession engine;

    PublicationRows(EngineSession engine) {
        this.engine = engine;
    }

    /** Makes the tables where the database has none yet. */
    static void define(EngineSession engine) {
        engine.executeSystem("CREATE SCHEMA IF NOT EXISTS heliosdb");
        engine.executeSystem(
                "CREATE TABLE IF NOT EXISTS heliosdb.publications (oid INTEGER PRIMARY KEY, name"
                        + " VARCHAR NOT NULL UNIQUE, owner VARCHAR NOT NULL, all_tables BOOLEAN NOT"
                        + " NULL, inserts BOOLEAN NOT NULL, updates BOOLEAN NOT NULL, deletes"
                        + " BOOLEAN NOT NULL, truncates BOOLEAN NOT NULL, via_root BOOLEAN NOT"
                        + " NULL)");
        engine.executeSystem(
                "CREATE TABLE IF NOT EXISTS heliosdb.publication_members (publication INTEGER NOT"
                        + " NULL, place INTEGER NOT NULL, schema_name VARCHAR NOT NULL, table_name"
                        + " VARCHAR, columns VARCHAR ARRAY, filter VARCHAR, PRIMARY KEY"
                        + " (publication, place))");
        engine.executeSystem(
                "CREATE TABLE IF NOT EXISTS heliosdb.replica_identities (schema_name VARCHAR NOT"
                        + " NULL, table_name VARCHAR NOT NULL, kind VARCHAR NOT NULL, index_name"
                        + " VARCHAR, PRIMARY KEY (schema_name, table_name))");
    }

    List<Change> all() {
        var found = new ArrayList<Change>();
        var tables = new HashMap<Integer, List<PublishedTable>>();
        var schemas = new HashMap<Integer, List<String>>();
        members(tables, schemas);
        try (var plan =
                        engine.prepareSystem(
                                "SELECT oid, name, owner, all_tables, inserts, updates, deletes,"
                                        + " truncates, via_root FROM heliosdb.publications");
                var rows = run(plan)) {
            while (rows.next()) {
                int oid = (Integer) value(rows, 0);
                found.add(
                        new Change.Put(
                                new Publication(
                                        oid,
                                        (String) value(rows, 1),
                                        (String) value(rows, 2),
                                        (Boolean) value(rows, 3),
                                        tables.getOrDefault(oid, List.of()),
                                        schemas.getOrDefault(oid, List.of()),
                                        new Actions(
                                                (Boolean) value(rows, 4),
                                                (Boolean) value(rows, 5),
                                                (Boolean) value(rows, 6),
                                                (Boolean) value(rows, 7)),
                                        (Boolean) value(rows, 8))));
            }
        }
        identities(found);
        return found;
    }

    private void members(
            Map<Integer, List<PublishedTable>> tables, Map<Integer, List<String>> schemas) {
        try (var plan =
                        engine.prepareSystem(
                                "SELECT publication, schema_name, table_name, columns, filter FROM"
                                    + " heliosdb.publication_members ORDER BY publication, place");
                var rows = run(plan)) {
            while (rows.next()) {
                Integer oid = (Integer) value(rows, 0);
                String schema = (String) value(rows, 1);
                if (rows.value(2) instanceof String name) {
                    tables.computeIfAbsent(oid, key -> new ArrayList<>())
                            .add(
                                    new PublishedTable(
                                            new TableId(schema, name),
                                            columns(rows.value(3)),
                                            Optional.ofNullable((String) rows.value(4))));
                } else {
                    schemas.computeIfAbsent(oid, key -> new ArrayList<>()).add(schema);
                }
            }
        }
    }

    private static Optional<List<String>> columns(@Nullable Object array) {
        return Optional.ofNullable((PgArray) array)
                .map(names -> names.elements().stream().map(String::valueOf).toList());
    }

    private void identities(List<Change> found) {
        try (var plan =
                        engine.prepareSystem(
                                "SELECT schema_name, table_name, kind, index_name FROM"
                                        + " heliosdb.replica_identities");
                var rows = run(plan)) {
            while (rows.next()) {
                found.add(
                        new Change.Identify(
                                new TableId((String) value(rows, 0), (String) value(rows, 1)),
                                new ReplicaIdentity(
                                        ((String) value(rows, 2)).charAt(0),
                                        (String) rows.value(3))));
            }
        }
    }

    void write(Change change) {
        switch (change) {
            case Change.Put(var publication) -> {
                remove(publication.oid());
                put(publication);
            }
            case Change.Remove(int oid) -> remove(oid);
            case Change.Identify(var table, var identity) -> {
                engine.executeSystem(
                        "DELETE FROM heliosdb.replica_identities WHERE schema_name = ?1 AND"
                                + " table_name = ?2",
                        table.schema(),
                        table.name());
                if (!identity.equals(ReplicaIdentity.DEFAULT)) {
                    engine.executeSystem(
                            "INSERT INTO heliosdb.replica_identities VALUES (?1, ?2, ?3, ?4)",
                            table.schema(),
                            table.name(),
                            String.valueOf(identity.kind()),
                            identity.index());
                }
            }
        }
    }

    private void put(Publication publication) {
        engine.executeSystem(
                "INSERT INTO heliosdb.publications VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                publication.oid(),
                publication.name(),
                publication.owner(),
                publication.allTables(),
                publication.actions().insert(),
                publication.actions().update(),
                publication.actions().delete(),
                publication.actions().truncate(),
                publication.viaRoot());
        int place = 0;
        for (var table : publication.tables()) {
            member(
                    publication.oid(),
                    place++,
                    table.table().schema(),
                    table.table().name(),
                    table.columns()
                            .map(names -> PgArray.of(Oid.TEXT, new ArrayList<>(names)))
                            .orElse(null),
                    table.filter().orElse(null));
        }
        for (String schema : publication.schemas()) {
            member(publication.oid(), place++, schema, null, null, null);
        }
    }

    private void member(@Nullable Object... values) {
        engine.executeSystem(
                "INSERT INTO heliosdb.publication_members VALUES (?1, ?2, ?3, ?4, ?5, ?6)", values);
    }

    private void remove(int oid) {
        engine.executeSystem(
                "DELETE FROM heliosdb.publication_members WHERE publication = ?1", oid);
        engine.executeSystem("DELETE FROM heliosdb.publications WHERE oid = ?1", oid);
    }

    private static EngineResult run(EnginePlan plan) {
        return plan.execute();
    }

    private static Object value(EngineResult rows, int column) {
        Object value = rows.value(column);
        if (value == null) {
            throw new IllegalStateException("NULL in a table of publications");
        }
        return value;
    }
}
