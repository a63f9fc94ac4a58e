package io.heliosdb.catalog;

import io.heliosdb.engine.Description.Kind;
import io.heliosdb.engine.Description.Relation;

/** The views that list what there is: pg_tables, pg_views, pg_indexes and so on. */
final class ListRows {
    private ListRows() {}

    static void tables(Context context, Rows rows) {
        Model model = context.model();
        for (String schema :
                java.util.List.of(SystemRelations.PG_CATALOG, SystemRelations.INFORMATION_SCHEMA)) {
            for (var each : SystemRelations.of(schema)) {
                if (each.kind().equals("r")) {
                    table(rows, schema, each.shape().name(), true, false);
                }
            }
        }
        for (Relation relation : model.description().relations()) {
            if (relation.kind() == Kind.TABLE) {
                boolean isReferred =
                        relation.constraints().stream().anyMatch(each -> each.type() == 'f')
                                || isTarget(model, relation);
                table(
                        rows,
                        model.schemaName(relation),
                        relation.id().name(),
                        !relation.indexes().isEmpty(),
                        isReferred);
            }
        }
    }

    private static boolean isTarget(Model model, Relation relation) {
        return model.constraints().stream()
                .anyMatch(each -> relation.id().equals(each.constraint().target()));
    }

    private static void table(
            Rows rows, String schema, String name, boolean hasIndexes, boolean hasTriggers) {
        rows.add(
                "schemaname",
                schema,
                "tablename",
                name,
                "tableowner",
                Context.OWNER_NAME,
                "hasindexes",
                hasIndexes,
                "hasrules",
                false,
                "hastriggers",
                hasTriggers,
                "rowsecurity",
                false);
    }

    static void views(Context context, Rows rows) {
        for (Relation relation : context.model().description().relations()) {
            if (relation.kind() == Kind.VIEW) {
                rows.add(
                        "schemaname",
                        context.model().schemaName(relation),
                        "viewname",
                        relation.id().name(),
                        "viewowner",
                        Context.OWNER_NAME,
                        "definition",
                        Definitions.view(relation));
            }
        }
    }

    static void materializedViews(Context context, Rows rows) {
        for (Relation relation : context.model().description().relations()) {
            if (relation.kind() == Kind.MATERIALIZED_VIEW) {
                rows.add(
                        "schemaname",
                        context.model().schemaName(relation),
                        "matviewname",
                        relation.id().name(),
                        "matviewowner",
                        Context.OWNER_NAME,
                        "hasindexes",
                        !relation.indexes().isEmpty(),
                        "ispopulated",
                        true,
                        "definition",
                        Definitions.view(relation));
            }
        }
    }

    static void indexes(Context context, Rows rows) {
        for (var each : context.model().indexes()) {
            rows.add(
                    "schemaname",
                    context.model().schemaName(each.table()),
                    "tablename",
                    each.table().id().name(),
                    "indexname",
                    each.index().name(),
                    "indexdef",
                    Definitions.index(context.model(), each));
        }
    }

    static void sequences(Context context, Rows rows) {
        for (var each : context.model().description().sequences()) {
            rows.add(
                    "schemaname",
                    each.schema(),
                    "sequencename",
                    each.name(),
                    "sequenceowner",
                    Context.OWNER_NAME,
                    "data_type",
                    each.typeOid(),
                    "start_value",
                    each.start(),
                    "min_value",
                    each.min(),
                    "max_value",
                    each.max(),
                    "increment_by",
                    each.increment(),
                    "cycle",
                    each.isCycle(),
                    "cache_size",
                    1L,
                    "last_value",
                    each.last());
        }
    }

    /** Which tables there are; nothing is counted about them but their rows. */
    static void tableStatistics(Context context, Rows rows) {
        for (Relation relation : context.model().description().relations()) {
            if (relation.kind() != Kind.VIEW) {
                rows.add(
                        "relid",
                        relation.oid(),
                        "schemaname",
                        context.model().schemaName(relation),
                        "relname",
                        relation.id().name(),
                        "n_live_tup",
                        relation.rows(),
                        "n_dead_tup",
                        0L);
            }
        }
    }

    static void indexStatistics(Context context, Rows rows) {
        for (var each : context.model().indexes()) {
            rows.add(
                    "relid",
                    each.table().oid(),
                    "indexrelid",
                    each.index().oid(),
                    "schemaname",
                    context.model().schemaName(each.table()),
                    "relname",
                    each.table().id().name(),
                    "indexrelname",
                    each.index().name());
        }
    }
}
