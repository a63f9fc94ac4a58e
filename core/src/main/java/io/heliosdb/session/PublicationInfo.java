package io.heliosdb.session;

import io.heliosdb.engine.ColumnInfo;
import io.heliosdb.engine.Schema;
import io.heliosdb.engine.TableInfo;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.type.PgArray;
import io.heliosdb.replication.Publication;
import io.heliosdb.replication.PublicationSet;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** The publications as the catalogs show them. */
final class PublicationInfo {
    /** PostgreSQL's number of the role that owns everything here. */
    private static final int OWNER = 10;

    /** Far from the numbers of publications and of tables. */
    private static final int MEMBER_OIDS = 950_000_000;

    private final Schema schema;
    private final ToIntFunction<String> namespaces;
    private final List<Map<String, @Nullable Object>> rows = new ArrayList<>();

    private PublicationInfo(Schema schema, ToIntFunction<String> namespaces) {
        this.schema = schema;
        this.namespaces = namespaces;
    }

    /** The rows of a catalog; none where it has nothing to do with publications. */
    static List<Map<String, @Nullable Object>> rows(
            String table,
            PublicationSet publications,
            Schema schema,
            ToIntFunction<String> namespaces) {
        var info = new PublicationInfo(schema, namespaces);
        switch (table) {
            case "pg_publication" -> publications.all().forEach(info::publication);
            case "pg_publication_rel" -> publications.all().forEach(info::members);
            case "pg_publication_namespace" -> publications.all().forEach(info::schemas);
            case "pg_publication_tables" -> publications.all().forEach(info::tables);
            default -> {}
        }
        return info.rows;
    }

    private void publication(Publication publication) {
        add(
                "oid",
                publication.oid(),
                "pubname",
                publication.name(),
                "pubowner",
                OWNER,
                "puballtables",
                publication.allTables(),
                "pubinsert",
                publication.actions().insert(),
                "pubupdate",
                publication.actions().update(),
                "pubdelete",
                publication.actions().delete(),
                "pubtruncate",
                publication.actions().truncate(),
                "pubviaroot",
                publication.viaRoot());
    }

    private void members(Publication publication) {
        for (var member : publication.tables()) {
            var table = schema.table(member.table().schema(), member.table().name());
            if (table.isPresent()) {
                add(
                        "oid",
                        MEMBER_OIDS + rows.size(),
                        "prpubid",
                        publication.oid(),
                        "prrelid",
                        table.get().oid(),
                        "prqual",
                        member.filter().map(text -> '(' + text + ')').orElse(null),
                        "prattrs",
                        member.columns().map(names -> numbers(table.get(), names)).orElse(null));
            }
        }
    }

    private static PgArray numbers(TableInfo table, List<String> names) {
        var all = table.columns().stream().map(ColumnInfo::name).toList();
        return PgArray.of(
                Oid.INT2, names.stream().map(name -> (short) (all.indexOf(name) + 1)).toList());
    }

    private void schemas(Publication publication) {
        for (String name : publication.schemas()) {
            add(
                    "oid",
                    MEMBER_OIDS + rows.size(),
                    "pnpubid",
                    publication.oid(),
                    "pnnspid",
                    namespaces.applyAsInt(name));
        }
    }

    private void tables(Publication publication) {
        schema.names().stream()
                .filter(name -> !isSystem(name))
                .flatMap(name -> schema.tables(name).stream())
                .filter(table -> !table.isView() && publication.publishes(table.id()))
                .sorted(Comparator.comparing(table -> table.id().toString()))
                .forEach(table -> {
                    var member = publication.member(table.id());
                    var columns =
                            member.flatMap(Publication.PublishedTable::columns)
                                    .orElseGet(() ->
                                            table.columns().stream()
                                                    .filter(column -> !column.isGenerated())
                                                    .map(ColumnInfo::name)
                                                    .toList());
                    add(
                            "pubname",
                            publication.name(),
                            "schemaname",
                            table.id().schema(),
                            "tablename",
                            table.id().name(),
                            "attnames",
                            PgArray.of(Oid.NAME, columns),
                            "rowfilter",
                            member.flatMap(Publication.PublishedTable::filter)
                                    .map(text -> '(' + text + ')')
                                    .orElse(null));
                });
    }

    private static boolean isSystem(String name) {
        return name.equals("heliosdb")
                || name.equals("pg_catalog")
                || name.equals("information_schema");
    }

    private void add(@Nullable Object... pairs) {
        var row = new HashMap<String, @Nullable Object>();
        for (int i = 0; i < pairs.length; i += 2) {
            row.put(String.valueOf(pairs[i]), pairs[i + 1]);
        }
        rows.add(row);
    }
}
