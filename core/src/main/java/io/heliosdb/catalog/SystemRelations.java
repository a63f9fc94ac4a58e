package io.heliosdb.catalog;

import io.heliosdb.engine.CatalogRelation;
import io.heliosdb.engine.CatalogRelation.Attribute;
import io.heliosdb.engine.CatalogShapes;
import io.heliosdb.pg.Oid;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which catalogs and views PostgreSQL 15 has, with their columns; read from a resource when first
 * asked for. Immutable.
 */
public final class SystemRelations implements CatalogShapes {
    /** The schema of the catalogs. */
    static final String PG_CATALOG = "pg_catalog";

    /** The schema of the SQL standard's views. */
    static final String INFORMATION_SCHEMA = "information_schema";

    /**
     * A catalog or view.
     *
     * @param shape its columns as queries see them
     * @param rowType the oid of the type of its rows
     * @param kind {@code r} or {@code v}
     * @param columns its columns as {@code pg_attribute} has them
     */
    record SystemRelation(
            CatalogRelation shape, int rowType, String kind, List<Declared> columns) {}

    /** A column with the type that it is declared with, which may be a domain. */
    record Declared(String name, int typeOid, int typeModifier, boolean isNotNull) {}

    private static final class Holder {
        static final Map<String, Map<String, SystemRelation>> ALL = load();
    }

    /** For {@link java.util.ServiceLoader}. */
    public SystemRelations() {}

    @Override
    public @Nullable CatalogRelation relation(String schema, String name) {
        SystemRelation found = Holder.ALL.getOrDefault(schema, Map.of()).get(name);
        return found == null ? null : found.shape;
    }

    static Collection<SystemRelation> of(String schema) {
        return Holder.ALL.getOrDefault(schema, Map.of()).values();
    }

    static CatalogRelation require(String schema, String name) {
        return Holder.ALL.getOrDefault(schema, Map.of()).get(name).shape;
    }

    private static Map<String, Map<String, SystemRelation>> load() {
        var bases = domains();
        var lines = new LinkedHashMap<String, List<String[]>>();
        for (String[] line : BuiltIns.lines("relations")) {
            lines.computeIfAbsent(line[2], ignored -> new ArrayList<>()).add(line);
        }
        var all = new HashMap<String, Map<String, SystemRelation>>();
        for (var relation : lines.values()) {
            String[] first = relation.getFirst();
            var attributes = new ArrayList<Attribute>();
            var columns = new ArrayList<Declared>();
            for (String[] line : relation) {
                int type = Integer.parseInt(line[6]);
                int modifier = Integer.parseInt(line[7]);
                columns.add(new Declared(line[5], type, modifier, line[8].equals("t")));
                attributes.add(
                        bases.containsKey(type)
                                ? bases.get(type).named(line[5])
                                : new Attribute(line[5], type, modifier));
            }
            var shape =
                    new CatalogRelation(first[0], first[1], Integer.parseInt(first[2]), attributes);
            all.computeIfAbsent(first[0], ignored -> new LinkedHashMap<>())
                    .put(
                            first[1],
                            new SystemRelation(
                                    shape, Integer.parseInt(first[3]), first[4], columns));
        }
        return Map.copyOf(all);
    }

    private record Base(int oid, int modifier) {
        Attribute named(String name) {
            return new Attribute(name, oid, modifier);
        }
    }

    /** The domains of information_schema, by the types that clients are told. */
    private static Map<Integer, Base> domains() {
        var bases = new HashMap<Integer, Base>();
        for (String[] line : BuiltIns.lines("pg_type")) {
            if (line[6].equals("d")) {
                bases.put(
                        Integer.parseInt(line[0]),
                        new Base(Integer.parseInt(line[25]), Integer.parseInt(line[26])));
            }
        }
        assert bases.values().stream().noneMatch(base -> base.oid() == Oid.UNSPECIFIED);
        return bases;
    }
}
