package io.heliosdb.catalog;

import io.heliosdb.engine.Description;
import io.heliosdb.engine.Description.Relation;
import io.heliosdb.engine.Description.Sequence;
import io.heliosdb.engine.TableId;
import io.heliosdb.pg.Identifier;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The schema as one statement sees it: what users have created, found by number and by name.
 * Immutable.
 */
final class Model {
    static final int PG_CATALOG = 11;
    static final int PG_TOAST = 99;
    static final int PUBLIC = 2200;
    static final int INFORMATION_SCHEMA = 13207;

    /** The schema of a session's temporary tables. */
    static final int TEMPORARY = 16_383;

    /** An object that has rows or columns: a table, view, sequence or index. */
    record Named(int oid, int namespace, String name, String kind, boolean isTemporary) {}

    /** An index with the table it belongs to. */
    record IndexOf(Description.Index index, Relation table) {}

    /** A constraint with the table it belongs to. */
    record ConstraintOf(Description.Constraint constraint, Relation table) {}

    private final Description description;
    private final Types types;
    private final Map<String, Integer> namespaces = new HashMap<>();
    private final Map<Integer, String> namespaceNames = new HashMap<>();
    private final Map<Integer, Relation> relations = new HashMap<>();
    private final Map<TableId, Relation> byId = new HashMap<>();
    private final Map<Integer, IndexOf> indexes = new HashMap<>();
    private final Map<Integer, ConstraintOf> constraints = new HashMap<>();
    private final Map<Integer, Sequence> sequences = new HashMap<>();
    private final Map<Integer, Named> named = new HashMap<>();
    private final Map<String, List<Named>> byName = new HashMap<>();

    Model(Description description) {
        this.description = description;
        namespace(PG_CATALOG, SystemRelations.PG_CATALOG);
        namespace(PG_TOAST, "pg_toast");
        namespace(INFORMATION_SCHEMA, SystemRelations.INFORMATION_SCHEMA);
        description.temporarySchema().ifPresent(name -> namespace(TEMPORARY, name));
        description.namespaces().forEach(each -> namespace(each.oid(), each.name()));
        types = new Types(description, namespaces);
        for (Relation relation : description.relations()) {
            add(relation);
        }
        for (Sequence sequence : description.sequences()) {
            sequences.put(sequence.oid(), sequence);
            add(
                    new Named(
                            sequence.oid(),
                            namespaceOf(sequence.schema()),
                            sequence.name(),
                            "S",
                            isTemporary(sequence)));
        }
        system(SystemRelations.PG_CATALOG, PG_CATALOG);
        system(SystemRelations.INFORMATION_SCHEMA, INFORMATION_SCHEMA);
    }

    private void namespace(int oid, String name) {
        namespaces.put(name, oid);
        namespaceNames.put(oid, name);
    }

    private void add(Relation relation) {
        int schema = namespaceOf(relation);
        relations.put(relation.oid(), relation);
        byId.put(relation.id(), relation);
        add(
                new Named(
                        relation.oid(),
                        schema,
                        relation.id().name(),
                        kind(relation),
                        relation.isTemporary()));
        for (var index : relation.indexes()) {
            indexes.put(index.oid(), new IndexOf(index, relation));
            add(new Named(index.oid(), schema, index.name(), "i", relation.isTemporary()));
        }
        for (var constraint : relation.constraints()) {
            constraints.put(constraint.oid(), new ConstraintOf(constraint, relation));
        }
    }

    private void system(String schema, int namespace) {
        for (var each : SystemRelations.of(schema)) {
            add(new Named(each.shape().oid(), namespace, each.shape().name(), each.kind(), false));
        }
    }

    private void add(Named object) {
        named.put(object.oid(), object);
        byName.computeIfAbsent(object.name(), ignored -> new ArrayList<>(1)).add(object);
    }

    /** {@code pg_class.relkind}. */
    static String kind(Relation relation) {
        return switch (relation.kind()) {
            case TABLE -> "r";
            case VIEW -> "v";
            case MATERIALIZED_VIEW -> "m";
        };
    }

    Description description() {
        return description;
    }

    Types types() {
        return types;
    }

    int namespaceOf(String name) {
        return namespaces.getOrDefault(name, 0);
    }

    int namespaceOf(Relation relation) {
        return namespaceOf(relation.id().schema());
    }

    /** Whether only the session sees a sequence. */
    boolean isTemporary(Sequence sequence) {
        return namespaceOf(sequence.schema()) == TEMPORARY;
    }

    @Nullable Integer namespace(String name) {
        return namespaces.get(name);
    }

    @Nullable String namespaceName(int oid) {
        return namespaceNames.get(oid);
    }

    String schemaName(Relation relation) {
        return relation.id().schema();
    }

    @Nullable Relation relation(int oid) {
        return relations.get(oid);
    }

    @Nullable Relation relation(TableId id) {
        return byId.get(id);
    }

    @Nullable IndexOf index(int oid) {
        return indexes.get(oid);
    }

    List<IndexOf> indexes() {
        return indexes.values().stream()
                .sorted(Comparator.comparingInt(each -> each.index().oid()))
                .toList();
    }

    @Nullable ConstraintOf constraint(int oid) {
        return constraints.get(oid);
    }

    List<ConstraintOf> constraints() {
        return constraints.values().stream()
                .sorted(Comparator.comparingInt(each -> each.constraint().oid()))
                .toList();
    }

    @Nullable Sequence sequence(int oid) {
        return sequences.get(oid);
    }

    @Nullable Named named(int oid) {
        return named.get(oid);
    }

    /** What a name without a schema means along a search path; null where there is none. */
    @Nullable Named visible(String name, List<String> path) {
        var candidates = byName.getOrDefault(name, List.of());
        for (int schema : schemas(path)) {
            for (Named each : candidates) {
                if (each.namespace() == schema) {
                    return each;
                }
            }
        }
        return null;
    }

    @Nullable Named named(String schema, String name) {
        Integer namespace = schema.equals("pg_temp") ? TEMPORARY : namespaces.get(schema);
        for (Named each : byName.getOrDefault(name, List.of())) {
            if (namespace != null && each.namespace() == namespace) {
                return each;
            }
        }
        return null;
    }

    @Nullable TypeEntry visibleType(String name, List<String> path) {
        var candidates = types.named(name);
        for (int schema : schemas(path)) {
            for (TypeEntry each : candidates) {
                if (each.namespace() == schema) {
                    return each;
                }
            }
        }
        return null;
    }

    /** The schemas of a path: temporary tables and the catalog come first. */
    List<Integer> schemas(List<String> path) {
        var list = new ArrayList<Integer>();
        list.add(TEMPORARY);
        if (!path.contains(SystemRelations.PG_CATALOG)) {
            list.add(PG_CATALOG);
        }
        for (String name : path) {
            Integer oid = namespaces.get(name);
            if (oid != null && !list.contains(oid)) {
                list.add(oid);
            }
        }
        return list;
    }

    /** A name with its schema, where the path does not lead to it without. */
    String shown(Named object, List<String> path) {
        String name = Identifier.quoteWhereNeeded(object.name());
        Named found = visible(object.name(), path);
        return found != null && found.oid() == object.oid() ? name : qualified(object);
    }

    String qualified(Named object) {
        return Identifier.quoteWhereNeeded(String.valueOf(namespaceName(object.namespace())))
                + '.'
                + Identifier.quoteWhereNeeded(object.name());
    }
}
