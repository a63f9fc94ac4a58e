package io.heliosdb.catalog;

import io.heliosdb.engine.Description;
import io.heliosdb.engine.TableId;
import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.Oid;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All types: PostgreSQL's own, those of the rows of tables and views, domains and enumerations, and
 * the arrays of all of them. Immutable.
 */
final class Types {
    private static final int PG_CATALOG = 11;

    /** Added to a table's oid for that of its row type, and for that of the arrays of any type. */
    private static final int ROW_TYPES = 1_000_000_000;

    private static final int ARRAYS = 500_000_000;

    private static final class Holder {
        static final Map<Integer, TypeEntry> ALL = load();
    }

    private final Map<Integer, TypeEntry> own = new LinkedHashMap<>();

    Types(Description description, Map<String, Integer> namespaces) {
        for (var domain : description.domains()) {
            add(domain, namespaces.getOrDefault(domain.schema(), 0));
        }
        for (var relation : description.relations()) {
            TableId id = relation.id();
            int schema = namespaces.getOrDefault(id.schema(), 0);
            int oid = rowType(relation.oid());
            add(composite(oid, id.name(), schema, relation.oid(), oid + ARRAYS));
            add(array(oid + ARRAYS, id.name(), schema, oid, "d", 0));
        }
    }

    static int rowType(int relation) {
        return relation + ROW_TYPES;
    }

    @Nullable TypeEntry find(int oid) {
        TypeEntry found = Holder.ALL.get(oid);
        return found == null ? own.get(oid) : found;
    }

    TypeEntry require(int oid) {
        TypeEntry found = find(oid);
        if (found == null) {
            throw new IllegalStateException("no type " + oid);
        }
        return found;
    }

    /** PostgreSQL's own, in the order of their oids. */
    static Collection<TypeEntry> builtIn() {
        return Holder.ALL.values();
    }

    Collection<TypeEntry> own() {
        return own.values();
    }

    List<TypeEntry> named(String name) {
        var found = new ArrayList<TypeEntry>();
        for (var types : List.of(Holder.ALL.values(), own.values())) {
            for (TypeEntry type : types) {
                if (type.name().equals(name)) {
                    found.add(type);
                }
            }
        }
        return found;
    }

    private void add(TypeEntry type) {
        own.put(type.oid(), type);
    }

    private void add(Description.Domain domain, int schema) {
        int oid = domain.oid();
        boolean isEnum = domain.baseOid() == Oid.UNSPECIFIED;
        TypeEntry base = isEnum ? null : find(domain.baseOid());
        add(
                new TypeEntry(
                        oid,
                        domain.name(),
                        schema,
                        base == null ? 4 : base.length(),
                        base == null || base.isByValue(),
                        isEnum ? "e" : "d",
                        0,
                        oid + ARRAYS,
                        domain.baseOid(),
                        domain.typeModifier(),
                        0,
                        base == null ? "i" : base.alignment(),
                        base == null ? "p" : base.storage(),
                        base == null ? 0 : base.collation(),
                        null));
        String alignment = base != null && base.alignment().equals("d") ? "d" : "i";
        add(
                array(
                        oid + ARRAYS,
                        domain.name(),
                        schema,
                        oid,
                        alignment,
                        base == null ? 0 : base.collation()));
    }

    private static TypeEntry composite(
            int oid, String name, int schema, int relation, int arrayOid) {
        return new TypeEntry(
                oid, name, schema, -1, false, "c", 0, arrayOid, 0, -1, relation, "d", "x", 0, null);
    }

    private static TypeEntry array(
            int oid, String element, int schema, int elementOid, String alignment, int collation) {
        String name = Identifier.truncate('_' + element);
        return new TypeEntry(
                oid,
                name,
                schema,
                -1,
                false,
                "b",
                elementOid,
                0,
                0,
                -1,
                0,
                alignment,
                "x",
                collation,
                null);
    }

    private static Map<Integer, TypeEntry> load() {
        var shape = SystemRelations.require(SystemRelations.PG_CATALOG, "pg_type");
        var at = new LinkedHashMap<String, Integer>();
        for (var column : shape.columns()) {
            at.put(column.name(), at.size());
        }
        var all = new LinkedHashMap<Integer, TypeEntry>();
        for (@Nullable Object[] row : BuiltIns.rows(shape)) {
            var cells = new Cells(row, at);
            var type =
                    new TypeEntry(
                            cells.number("oid"),
                            cells.text("typname"),
                            cells.number("typnamespace"),
                            cells.number("typlen"),
                            Boolean.TRUE.equals(row[at.getOrDefault("typbyval", 0)]),
                            cells.text("typtype"),
                            cells.number("typelem"),
                            cells.number("typarray"),
                            cells.number("typbasetype"),
                            cells.number("typtypmod"),
                            0,
                            cells.text("typalign"),
                            cells.text("typstorage"),
                            cells.number("typcollation"),
                            Collections.unmodifiableList(Arrays.asList(row)));
            all.put(type.oid(), type);
        }
        for (String schema :
                List.of(SystemRelations.PG_CATALOG, SystemRelations.INFORMATION_SCHEMA)) {
            for (var system : SystemRelations.of(schema)) {
                int oid = system.rowType();
                int namespace =
                        schema.equals(SystemRelations.PG_CATALOG)
                                ? PG_CATALOG
                                : Model.INFORMATION_SCHEMA;
                all.put(
                        oid,
                        composite(oid, system.shape().name(), namespace, system.shape().oid(), 0));
            }
        }
        return all;
    }

    /** A row by the names of its columns. */
    private static final class Cells {
        private final @Nullable Object[] row;
        private final Map<String, Integer> at;

        Cells(@Nullable Object[] row, Map<String, Integer> at) {
            this.row = row;
            this.at = at;
        }

        String text(String column) {
            return String.valueOf(row[at.getOrDefault(column, 0)]);
        }

        int number(String column) {
            return row[at.getOrDefault(column, 0)] instanceof Number number ? number.intValue() : 0;
        }
    }
}
