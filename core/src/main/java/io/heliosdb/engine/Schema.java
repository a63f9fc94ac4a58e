package io.heliosdb.engine;

import io.heliosdb.pg.Oid;

import org.h2.constraint.Constraint;
import org.h2.engine.Database;
import org.h2.engine.SessionLocal;
import org.h2.index.Index;
import org.h2.index.IndexType;
import org.h2.table.Column;
import org.h2.table.Table;
import org.h2.table.TableType;
import org.h2.util.HasSQL;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tables as they were at one moment; immutable. {@link Engine#schema} gives the one of now.
 * Temporary tables are found through {@link TemporaryObjects#table} only.
 */
public final class Schema {
    private final Map<String, Map<String, TableInfo>> schemas;

    private final Map<String, String> domains;

    private final Map<TableId, Enumeration> enumerations;

    /** The tables that refer to each table, itself aside. */
    private final Map<TableId, Set<TableId>> referencing;

    private Schema(
            Map<String, Map<String, TableInfo>> schemas,
            Map<String, String> domains,
            Map<TableId, Set<TableId>> referencing,
            Map<TableId, Enumeration> enumerations) {
        this.schemas = schemas;
        this.domains = domains;
        this.referencing = referencing;
        this.enumerations = enumerations;
    }

    static Schema of(Database database) {
        var schemas = new HashMap<String, Map<String, TableInfo>>();
        for (org.h2.schema.Schema schema : database.getAllSchemasNoMeta()) {
            if (schema.isTemporary()) {
                continue;
            }
            var tables = new HashMap<String, TableInfo>();
            for (Table table : schema.getAllTablesAndViews(null)) {
                if (isUsers(table)) {
                    tables.put(table.getName(), describe(table));
                }
            }
            schemas.put(schema.getName(), Map.copyOf(tables));
        }
        return new Schema(
                Map.copyOf(schemas),
                domains(database),
                referencing(database),
                Enumerations.all(database));
    }

    private static Map<TableId, Set<TableId>> referencing(Database database) {
        var all = new HashMap<TableId, Set<TableId>>();
        for (org.h2.schema.Schema schema : database.getAllSchemasNoMeta()) {
            for (Constraint constraint : schema.getAllConstraints()) {
                if (constraint.getConstraintType() == Constraint.Type.REFERENTIAL
                        && !constraint.getTable().equals(constraint.getRefTable())) {
                    all.computeIfAbsent(id(constraint.getRefTable()), _ -> new LinkedHashSet<>())
                            .add(id(constraint.getTable()));
                }
            }
        }
        return Map.copyOf(all);
    }

    private static TableId id(Table table) {
        return new TableId(table.getSchema().getName(), table.getName());
    }

    /**
     * The tables whose foreign keys refer to a table.
     *
     * @param table the table
     * @return all but itself
     */
    public Set<TableId> referencing(TableId table) {
        return referencing.getOrDefault(table, Set.of());
    }

    private static Map<String, String> domains(Database database) {
        var domains = new HashMap<String, String>();
        for (org.h2.schema.Schema schema : database.getAllSchemasNoMeta()) {
            for (var domain : schema.getAllDomains()) {
                domains.put(
                        schema.getName() + '.' + domain.getName(),
                        domain.getDataType().getSQL(HasSQL.DEFAULT_SQL_FLAGS));
            }
        }
        return Map.copyOf(domains);
    }

    /**
     * The names of all schemas.
     *
     * @return in no order
     */
    public List<String> names() {
        return List.copyOf(schemas.keySet());
    }

    /**
     * A table of a schema.
     *
     * @param schema its schema
     * @param name its name
     * @return the table or view, where there is one
     */
    public Optional<TableInfo> table(String schema, String name) {
        return Optional.ofNullable(schemas.getOrDefault(schema, Map.of()).get(name));
    }

    /**
     * A table by its name alone.
     *
     * @param searchPath the schemas to look in, in order
     * @param name its name
     * @return the first of that name
     */
    public Optional<TableInfo> table(List<String> searchPath, String name) {
        for (String schema : searchPath) {
            var found = table(schema, name);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /**
     * All tables of a schema.
     *
     * @param schema its name
     * @return in no order; empty for an unknown schema
     */
    public List<TableInfo> tables(String schema) {
        return List.copyOf(schemas.getOrDefault(schema, Map.of()).values());
    }

    /**
     * The type of a domain.
     *
     * @param schema its schema
     * @param name its name
     * @return the type beneath in the store's SQL, where there is such a domain
     */
    public Optional<String> domain(String schema, String name) {
        return Optional.ofNullable(domains.get(schema + '.' + name));
    }

    /**
     * An enumeration.
     *
     * @param name its schema and name
     * @return nothing where there is none
     */
    public Optional<Enumeration> enumeration(TableId name) {
        return Optional.ofNullable(enumerations.get(name));
    }

    static int tableOid(Table table) {
        return Oids.of(table);
    }

    static @Nullable TableInfo temporary(SessionLocal session, String name) {
        Table table = session.findLocalTempTable(name);
        return table == null ? null : describe(table);
    }

    /** Whether there is an object, in one schema or in those of the session's search path. */
    static boolean exists(SessionLocal session, String kind, Optional<String> schema, String name) {
        Database database = session.getDatabase();
        if (kind.equals("schema")) {
            return database.findSchema(name) != null;
        }
        boolean isTable = kind.equals("table") || kind.equals("view");
        boolean isTemporary =
                schema.isEmpty()
                        && (isTable
                                ? session.findLocalTempTable(name) != null
                                : EngineSession.of(session).temporary().has(name));
        if (isTemporary) {
            return true;
        }
        List<String> path = schema.map(List::of).orElse(List.of(session.getSchemaSearchPath()));
        for (String place : path) {
            org.h2.schema.Schema found = database.findSchema(place);
            if (found != null && exists(session, found, kind, name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean exists(
            SessionLocal session, org.h2.schema.Schema schema, String kind, String name) {
        // Only of its own schema and of those without tables the session is asked.
        var local = schema.isTemporary() || schema instanceof CatalogSchema ? session : null;
        return switch (kind) {
            case "index" -> hasIndex(session, schema, name);
            case "sequence" -> schema.findSequence(name) != null;
            default -> schema.findTableOrView(local, name) != null;
        };
    }

    private static boolean hasIndex(
            SessionLocal session, org.h2.schema.Schema schema, String name) {
        Index index = schema.findIndex(session, name);
        return index != null && index.getTable().isTemporary() == schema.isTemporary();
    }

    private static boolean isUsers(Table table) {
        return table.getTableType() == TableType.TABLE || table.getTableType() == TableType.VIEW;
    }

    private static TableInfo describe(Table table) {
        var columns = new ArrayList<ColumnInfo>();
        for (Column column : table.getColumns()) {
            columns.add(describe(column));
        }
        Index primary = table.findPrimaryKey();
        return new TableInfo(
                id(table),
                tableOid(table),
                table.getTableType() == TableType.VIEW,
                List.copyOf(columns),
                primary == null ? List.of() : names(primary.getColumns()),
                indexes(table));
    }

    private static ColumnInfo describe(Column column) {
        var type = column.getType();
        var defaultExpression = column.getDefaultExpression();
        boolean generated = column.isGenerated();
        return new ColumnInfo(
                column.getName(),
                oid(column),
                Types.modifier(type),
                type.getSQL(new StringBuilder(), 0).toString(),
                column.isNullable(),
                column.isIdentity(),
                column.isGeneratedAlways(),
                generated,
                Optional.ofNullable(
                        defaultExpression == null ? null : defaultExpression.getSQL(0)));
    }

    /** The number of a column's type, which may be an enumeration. */
    static int oid(Column column) {
        int enumeration = Enumerations.oid(column);
        return enumeration == Oid.UNSPECIFIED ? Types.oid(column.getType()) : enumeration;
    }

    private static List<IndexInfo> indexes(Table table) {
        var list = new ArrayList<IndexInfo>();
        List<Index> indexes = table.getIndexes();
        if (indexes == null) {
            return List.of();
        }
        for (Index index : indexes) {
            IndexType type = index.getIndexType();
            if (type.isScan() && !type.isPrimaryKey()) {
                continue;
            }
            list.add(
                    new IndexInfo(
                            TableNames.of(table, index),
                            names(index.getColumns()),
                            type.isUnique(),
                            type.isPrimaryKey()));
        }
        return List.copyOf(list);
    }

    private static List<String> names(Column[] columns) {
        var names = new ArrayList<String>();
        for (Column column : columns) {
            names.add(column.getName());
        }
        return List.copyOf(names);
    }
}
