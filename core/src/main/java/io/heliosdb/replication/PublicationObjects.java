package io.heliosdb.replication;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.TableId;
import io.heliosdb.engine.TableInfo;
import io.heliosdb.engine.TableShape;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.replication.Publication.PublishedTable;
import io.heliosdb.sql.PublicationStatement;
import io.heliosdb.sql.PublicationStatement.PublicationObject;
import io.heliosdb.sql.TableName;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the tables and schemas that a statement wants published, and refuses those that cannot. */
final class PublicationObjects {
    private final EngineSession engine;
    private final ReplicationHost host;

    PublicationObjects(EngineSession engine, ReplicationHost host) {
        this.engine = engine;
        this.host = host;
    }

    /** A publication with tables and schemas added, set or dropped. */
    Publication changed(Publication publication, PublicationStatement.Objects change, int offset) {
        requireNotAllTables(publication, change.objects());
        Map<TableId, PublishedTable> members = new LinkedHashMap<>();
        var kept = new LinkedHashSet<String>();
        boolean isSet = change.action().equals("set");
        if (!isSet) {
            publication.tables().forEach(each -> members.put(each.table(), each));
            kept.addAll(publication.schemas());
        }
        if (change.action().equals("drop")) {
            drop(change, members, kept);
        } else {
            add(publication, change, offset, members, kept);
        }
        requireNoColumnsBeside(publication.name(), members, kept);
        return publication.with(List.copyOf(members.values()), List.copyOf(kept));
    }

    private void drop(
            PublicationStatement.Objects change,
            Map<TableId, PublishedTable> members,
            Set<String> kept) {
        for (var object : change.objects()) {
            if (object instanceof PublicationStatement.Table table) {
                if (table.columns().isPresent()) {
                    throw new PgException(
                            SqlState.SYNTAX_ERROR,
                            "column list must not be specified in ALTER PUBLICATION ... DROP");
                }
                var id = require(table.name()).id();
                if (members.remove(id) == null) {
                    throw new PgException(
                            SqlState.UNDEFINED_OBJECT,
                            "relation \"" + id.name() + "\" is not part of the publication");
                }
                if (table.filter().isPresent()) {
                    throw new PgException(
                            SqlState.SYNTAX_ERROR,
                            "cannot use a WHERE clause when removing a table from a publication");
                }
            }
        }
        for (String schema : schemas(change.objects())) {
            if (!kept.remove(schema)) {
                throw new PgException(
                        SqlState.UNDEFINED_OBJECT,
                        "tables from schema \"" + schema + "\" are not part of the publication");
            }
        }
    }

    private void add(
            Publication publication,
            PublicationStatement.Objects change,
            int offset,
            Map<TableId, PublishedTable> members,
            Set<String> kept) {
        for (var table : tables(publication.name(), change.objects(), offset)) {
            if (members.putIfAbsent(table.table(), table) != null) {
                throw member("relation", table.table().name(), publication);
            }
        }
        for (String schema : schemas(change.objects())) {
            if (!kept.add(schema)) {
                throw member("schema", schema, publication);
            }
        }
    }

    private static PgException member(String kind, String name, Publication publication) {
        return new PgException(
                SqlState.DUPLICATE_OBJECT,
                "%s \"%s\" is already member of publication \"%s\""
                        .formatted(kind, name, publication.name()));
    }

    private static void requireNotAllTables(
            Publication publication, List<PublicationObject> objects) {
        if (!publication.allTables()) {
            return;
        }
        boolean hasSchemas =
                objects.stream().anyMatch(each -> each instanceof PublicationStatement.Schema);
        throw new PgException(
                        SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                        "publication \"" + publication.name() + "\" is defined as FOR ALL TABLES")
                .withDetail(
                        (hasSchemas ? "Schemas" : "Tables")
                                + " cannot be added to or dropped from FOR ALL TABLES"
                                + " publications.");
    }

    /** The schemas among the objects, which exist. */
    List<String> schemas(List<PublicationObject> objects) {
        var names = new LinkedHashSet<String>();
        for (var object : objects) {
            if (object instanceof PublicationStatement.Schema(Optional<String> name)) {
                String schema = name.orElseGet(() -> host.schemas().getFirst());
                if (!engine.engine().schema().names().contains(schema)) {
                    throw new PgException(
                            SqlState.INVALID_SCHEMA_NAME,
                            "schema \"" + schema + "\" does not exist");
                }
                names.add(schema);
            }
        }
        return List.copyOf(names);
    }

    /**
     * The tables among the objects, once each.
     *
     * @param offset where the statement starts, from which positions count
     */
    List<PublishedTable> tables(String publication, List<PublicationObject> objects, int offset) {
        Map<TableId, PublishedTable> found = new LinkedHashMap<>();
        for (var object : objects) {
            if (object instanceof PublicationStatement.Table table) {
                var info = require(table.name());
                requirePublishable(info, table.name());
                table.columns().ifPresent(columns -> requireColumns(info, columns));
                table.filter().ifPresent(text -> requireFilter(info, table, text));
                var member = new PublishedTable(info.id(), table.columns(), table.filter());
                var before = found.putIfAbsent(info.id(), member);
                if (before != null) {
                    requireSame(before, member);
                }
            }
        }
        requireNoColumnsBeside(publication, found, new LinkedHashSet<>(schemas(objects)));
        return List.copyOf(found.values());
    }

    private static void requireSame(PublishedTable one, PublishedTable other) {
        String what = "";
        if (one.filter().isPresent() || other.filter().isPresent()) {
            what = "WHERE clauses";
        } else if (one.columns().isPresent() || other.columns().isPresent()) {
            what = "column lists";
        }
        if (!what.isEmpty()) {
            throw new PgException(
                    SqlState.DUPLICATE_OBJECT,
                    "conflicting or redundant %s for table \"%s\""
                            .formatted(what, one.table().name()));
        }
    }

    private static void requireNoColumnsBeside(
            String publication, Map<TableId, PublishedTable> members, Set<String> schemas) {
        for (var member : members.values()) {
            if (member.columns().isPresent() && !schemas.isEmpty()) {
                throw new PgException(
                                SqlState.INVALID_PARAMETER_VALUE,
                                "cannot use column list for relation \"%s\" in publication \"%s\""
                                        .formatted(
                                                SessionPublications.qualified(member.table()),
                                                publication))
                        .withDetail(
                                "Column lists cannot be specified in publications containing FOR"
                                        + " TABLES IN SCHEMA elements.");
            }
        }
    }

    private static void requireColumns(TableInfo table, List<String> columns) {
        var seen = new HashSet<String>();
        for (String column : columns) {
            var found = table.column(column);
            if (found.isEmpty()) {
                throw new PgException(
                        SqlState.UNDEFINED_COLUMN,
                        "column \"%s\" of relation \"%s\" does not exist"
                                .formatted(column, table.id().name()));
            }
            if (found.get().isGenerated()) {
                throw new PgException(
                        new SqlState("42P10"),
                        "cannot use generated column \"%s\" in publication column list"
                                .formatted(column));
            }
            if (!seen.add(column)) {
                throw new PgException(
                        SqlState.DUPLICATE_OBJECT,
                        "duplicate column \"" + column + "\" in publication column list");
            }
        }
    }

    private void requireFilter(TableInfo info, PublicationStatement.Table table, String text) {
        try {
            RowFilter.compile(text, TableShape.of(info), engine).close();
        } catch (PgException e) {
            int position = e.report().position();
            throw position > 0 ? e.withPosition(table.filterOffset() + position) : e;
        }
    }

    private static void requirePublishable(TableInfo table, TableName name) {
        String kind = "";
        if (table.isView()) {
            kind = "views";
        } else if (table.id().schema().equals("pg_catalog")) {
            kind = "system tables";
        }
        if (!kind.isEmpty()) {
            throw new PgException(
                            SqlState.INVALID_PARAMETER_VALUE,
                            "cannot add relation \"%s\" to publication".formatted(name.name()))
                    .withDetail("This operation is not supported for " + kind + ".");
        }
    }

    private TableInfo require(TableName name) {
        if (name.schema().isEmpty() && engine.temporary().table(name.name()).isPresent()) {
            throw new PgException(
                            SqlState.INVALID_PARAMETER_VALUE,
                            "cannot add relation \"%s\" to publication".formatted(name.name()))
                    .withDetail("This operation is not supported for temporary tables.");
        }
        return host.table(name).orElseThrow(() -> noTable(name));
    }

    static PgException noTable(TableName name) {
        return new PgException(
                SqlState.UNDEFINED_TABLE, "relation \"" + name + "\" does not exist");
    }
}
