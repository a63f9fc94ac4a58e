package io.heliosdb.catalog;

import io.heliosdb.engine.Description.Constraint;
import io.heliosdb.engine.Description.Kind;
import io.heliosdb.engine.Description.Relation;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** information_schema: constraints, the columns they use, and triggers. */
final class InformationConstraints {

    private InformationConstraints() {}

    static void constraints(Context context, Rows rows) {
        for (var each : context.model().constraints()) {
            String type =
                    switch (each.constraint().type()) {
                        case 'p' -> "PRIMARY KEY";
                        case 'u' -> "UNIQUE";
                        case 'f' -> "FOREIGN KEY";
                        default -> "CHECK";
                    };
            table(context, rows, each.table(), each.constraint().name(), type);
        }
        for (Relation relation : context.model().description().relations()) {
            int number = 0;
            for (var column : relation.columns()) {
                number++;
                if (!column.isNullable() && relation.kind() == Kind.TABLE) {
                    table(context, rows, relation, notNull(context, relation, number), "CHECK");
                }
            }
        }
    }

    /** The name that PostgreSQL invents for NOT NULL. */
    private static String notNull(Context context, Relation relation, int column) {
        return context.model().namespaceOf(relation)
                + "_"
                + relation.oid()
                + '_'
                + column
                + "_not_null";
    }

    private static void table(
            Context context, Rows rows, Relation table, String name, String type) {
        String schema = context.model().schemaName(table);
        String catalog = context.host().database();
        rows.add(
                "constraint_catalog",
                catalog,
                "constraint_schema",
                schema,
                "constraint_name",
                name,
                "table_catalog",
                catalog,
                "table_schema",
                schema,
                "table_name",
                table.id().name(),
                "constraint_type",
                type,
                "is_deferrable",
                "NO",
                "initially_deferred",
                "NO",
                "enforced",
                "YES",
                "nulls_distinct",
                type.equals("UNIQUE") ? "YES" : null);
    }

    static void keyColumns(Context context, Rows rows) {
        for (var each : context.model().constraints()) {
            Constraint constraint = each.constraint();
            if (constraint.type() == 'c') {
                continue;
            }
            String schema = context.model().schemaName(each.table());
            String catalog = context.host().database();
            Relation target = target(context, constraint);
            for (int i = 0; i < constraint.columns().size(); i++) {
                rows.add(
                        "constraint_catalog",
                        catalog,
                        "constraint_schema",
                        schema,
                        "constraint_name",
                        constraint.name(),
                        "table_catalog",
                        catalog,
                        "table_schema",
                        schema,
                        "table_name",
                        each.table().id().name(),
                        "column_name",
                        each.table().columns().get(constraint.columns().get(i) - 1).name(),
                        "ordinal_position",
                        i + 1,
                        "position_in_unique_constraint",
                        target == null ? null : position(target, constraint, i));
            }
        }
    }

    private static @Nullable Relation target(Context context, Constraint constraint) {
        var id = constraint.target();
        return id == null ? null : context.model().relation(id);
    }

    /** Where a column of a foreign key stands in the key that it points to. */
    private static @Nullable Integer position(Relation target, Constraint constraint, int at) {
        var key = key(target, constraint);
        int position = key == null ? -1 : key.columns().indexOf(constraint.targetColumns().get(at));
        return position < 0 ? null : (Integer) (position + 1);
    }

    private static @Nullable Constraint key(Relation target, Constraint constraint) {
        for (Constraint each : target.constraints()) {
            boolean isKey = each.type() == 'p' || each.type() == 'u';
            if (isKey && each.index() == constraint.index()) {
                return each;
            }
        }
        return null;
    }

    static void references(Context context, Rows rows) {
        String catalog = context.host().database();
        for (var each : context.model().constraints()) {
            Constraint constraint = each.constraint();
            Relation target = target(context, constraint);
            if (target == null) {
                continue;
            }
            var key = key(target, constraint);
            rows.add(
                    "constraint_catalog",
                    catalog,
                    "constraint_schema",
                    context.model().schemaName(each.table()),
                    "constraint_name",
                    constraint.name(),
                    "unique_constraint_catalog",
                    key == null ? null : catalog,
                    "unique_constraint_schema",
                    key == null ? null : context.model().schemaName(target),
                    "unique_constraint_name",
                    key == null ? null : key.name(),
                    "match_option",
                    "NONE",
                    "update_rule",
                    rule(constraint.onUpdate()),
                    "delete_rule",
                    rule(constraint.onDelete()));
        }
    }

    private static String rule(char action) {
        return switch (action) {
            case 'r' -> "RESTRICT";
            case 'c' -> "CASCADE";
            case 'n' -> "SET NULL";
            case 'd' -> "SET DEFAULT";
            default -> "NO ACTION";
        };
    }

    static void checks(Context context, Rows rows) {
        String catalog = context.host().database();
        for (var each : context.model().constraints()) {
            var check = each.constraint().check();
            if (check != null) {
                rows.add(
                        "constraint_catalog",
                        catalog,
                        "constraint_schema",
                        context.model().schemaName(each.table()),
                        "constraint_name",
                        each.constraint().name(),
                        "check_clause",
                        '(' + check.full() + ')');
            }
        }
        for (Relation relation : context.model().description().relations()) {
            int number = 0;
            for (var column : relation.columns()) {
                number++;
                if (!column.isNullable() && relation.kind() == Kind.TABLE) {
                    rows.add(
                            "constraint_catalog",
                            catalog,
                            "constraint_schema",
                            context.model().schemaName(relation),
                            "constraint_name",
                            notNull(context, relation, number),
                            "check_clause",
                            column.name() + " IS NOT NULL");
                }
            }
        }
    }

    static void columnUsage(Context context, Rows rows) {
        for (var each : context.model().constraints()) {
            Relation target = target(context, each.constraint());
            Relation used = target == null ? each.table() : target;
            List<Integer> columns =
                    target == null
                            ? each.constraint().columns()
                            : each.constraint().targetColumns();
            String catalog = context.host().database();
            for (int column : columns) {
                rows.add(
                        "table_catalog",
                        catalog,
                        "table_schema",
                        context.model().schemaName(used),
                        "table_name",
                        used.id().name(),
                        "column_name",
                        used.columns().get(column - 1).name(),
                        "constraint_catalog",
                        catalog,
                        "constraint_schema",
                        context.model().schemaName(each.table()),
                        "constraint_name",
                        each.constraint().name());
            }
        }
    }

    static void tableUsage(Context context, Rows rows) {
        String catalog = context.host().database();
        for (var each : context.model().constraints()) {
            if (each.constraint().type() == 'c') {
                continue;
            }
            Relation target = target(context, each.constraint());
            Relation used = target == null ? each.table() : target;
            rows.add(
                    "table_catalog",
                    catalog,
                    "table_schema",
                    context.model().schemaName(used),
                    "table_name",
                    used.id().name(),
                    "constraint_catalog",
                    catalog,
                    "constraint_schema",
                    context.model().schemaName(each.table()),
                    "constraint_name",
                    each.constraint().name());
        }
    }
}
