package io.heliosdb.session;

import io.heliosdb.catalog.SystemRelations;
import io.heliosdb.engine.CatalogRelation;
import io.heliosdb.engine.ColumnInfo;
import io.heliosdb.engine.Engine;
import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.TableId;
import io.heliosdb.engine.TableInfo;
import io.heliosdb.sql.EnumLabels;
import io.heliosdb.sql.RoutineSignature;
import io.heliosdb.sql.RoutineType;
import io.heliosdb.sql.SchemaLookup;
import io.heliosdb.sql.SqlType;
import io.heliosdb.sql.TableMetadata;
import io.heliosdb.sql.TableName;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds tables along a session's search_path, and describes them as the rewriter wants to know
 * them.
 *
 * @see <a href="https://www.postgresql.org/docs/15/ddl-schemas.html">PostgreSQL: the schema search
 *     path</a>
 */
final class SearchPath implements SchemaLookup {
    private final EngineSession rows;
    private final Engine engine;
    private final List<String> schemas;
    private final Function<TableName, List<RoutineSignature>> routines;

    private SearchPath(
            EngineSession rows,
            List<String> schemas,
            Function<TableName, List<RoutineSignature>> routines) {
        this.rows = rows;
        this.engine = rows.engine();
        this.schemas = schemas;
        this.routines = routines;
    }

    /**
     * Reads the setting; {@code "$user"} stands for the role, and schemas that do not exist are
     * passed over.
     */
    static SearchPath of(
            String setting,
            String user,
            EngineSession rows,
            Function<TableName, List<RoutineSignature>> routines) {
        var schemas = new ArrayList<String>();
        for (var part : setting.split(",", -1)) {
            var name = unquoted(part.strip());
            schemas.add(name.equals("$user") ? user : name);
        }
        return new SearchPath(rows, List.copyOf(schemas), routines);
    }

    List<String> schemas() {
        return schemas;
    }

    @Override
    public Optional<TableMetadata> table(TableName name) {
        return info(name).map(SearchPath::metadata).or(() -> system(name));
    }

    @Override
    public Optional<String> temporary(TableName name) {
        return mayBeTemporary(name) && rows.temporary().has(name.name())
                ? rows.temporary().schemaName()
                : Optional.empty();
    }

    @Override
    public String temporarySchema() {
        return rows.temporary().requireSchema();
    }

    private boolean mayBeTemporary(TableName name) {
        return name.schema().isEmpty()
                || name.schema().get().equals(TEMPORARY_ALIAS)
                || name.schema().equals(rows.temporary().schemaName());
    }

    /** The catalogs and the views of information_schema, the former without a schema too. */
    private static Optional<TableMetadata> system(TableName name) {
        CatalogRelation shape =
                new SystemRelations().relation(name.schema().orElse("pg_catalog"), name.name());
        return Optional.ofNullable(shape).map(SearchPath::metadata);
    }

    private static TableMetadata metadata(CatalogRelation shape) {
        var columns =
                shape.columns().stream()
                        .map(each ->
                                new TableMetadata.Column(
                                        each.name(), each.typeOid(), "", Optional.empty(), false))
                        .toList();
        return new TableMetadata(shape.name(), columns, List.of());
    }

    Optional<TableId> find(TableName name) {
        return info(name).map(TableInfo::id);
    }

    @Override
    public List<RoutineSignature> routines(TableName name) {
        return routines.apply(name);
    }

    @Override
    public List<TableName> referencing(TableName name) {
        return find(name)
                .map(table ->
                        engine.schema().referencing(table).stream().map(SearchPath::name).toList())
                .orElse(List.of());
    }

    @Override
    public TableName qualified(TableName name) {
        return find(name).map(SearchPath::name).orElse(name);
    }

    @Override
    public Optional<EnumLabels> enumeration(TableName name) {
        var schema = engine.schema();
        for (String place : name.schema().map(List::of).orElse(schemas)) {
            var id = new TableId(place, name.name());
            var found = schema.enumeration(id);
            if (found.isPresent()) {
                var uses =
                        found.get().uses().stream()
                                .map(use -> new EnumLabels.Use(name(use.table()), use.column()))
                                .toList();
                return Optional.of(new EnumLabels(name(id), found.get().labels(), uses));
            }
        }
        return Optional.empty();
    }

    private static TableName name(TableId id) {
        return new TableName(Optional.of(id.schema()), id.name());
    }

    @Override
    public Optional<SqlType> domain(RoutineType type) {
        var schema = engine.schema();
        var places = type.schema().map(List::of).orElse(schemas);
        return places.stream()
                .flatMap(place -> schema.domain(place, type.name()).stream())
                .findFirst()
                .map(SqlType::ofEngine);
    }

    /** A temporary table or view before one of the path. */
    Optional<TableInfo> info(TableName name) {
        var schema = engine.schema();
        var temporary =
                mayBeTemporary(name)
                        ? rows.temporary().table(name.name())
                        : Optional.<TableInfo>empty();
        return temporary.or(() ->
                name.schema().isPresent()
                        ? schema.table(name.schema().get(), name.name())
                        : schema.table(schemas, name.name()));
    }

    private static TableMetadata metadata(TableInfo table) {
        var columns = table.columns().stream().map(SearchPath::column).toList();
        var keys = new ArrayList<TableMetadata.Key>();
        for (var index : table.uniqueIndexes()) {
            var key = new TableMetadata.Key(index.name(), index.isPrimaryKey(), index.columns());
            if (index.isPrimaryKey()) {
                keys.addFirst(key);
            } else {
                keys.add(key);
            }
        }
        if (keys.stream().noneMatch(TableMetadata.Key::primary) && !table.primaryKey().isEmpty()) {
            keys.addFirst(
                    new TableMetadata.Key(table.id().name() + "_pkey", true, table.primaryKey()));
        }
        return new TableMetadata(table.id().name(), columns, keys);
    }

    private static TableMetadata.Column column(ColumnInfo column) {
        return new TableMetadata.Column(
                column.name(),
                column.oid(),
                column.type(),
                column.defaultExpression(),
                column.isIdentity() || column.isGenerated());
    }

    private static String unquoted(String name) {
        return name.length() > 1 && name.startsWith("\"") && name.endsWith("\"")
                ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
                : name;
    }
}
