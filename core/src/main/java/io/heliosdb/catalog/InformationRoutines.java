package io.heliosdb.catalog;

import io.heliosdb.pg.Oid;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** The views of information_schema about functions and procedures. */
final class InformationRoutines {
    private InformationRoutines() {}

    static void routines(Context context, Rows rows) {
        String catalog = context.host().database();
        Model model = context.model();
        for (Routine each : Routines.of(context).all()) {
            String schema = model.namespaceName(each.namespace());
            if (schema == null) {
                continue;
            }
            boolean isProcedure = each.kind().equals("p");
            TypeEntry result = isProcedure ? null : model.types().find((int) each.resultType());
            String language = RoutineText.language(each);
            rows.add(
                    "specific_catalog",
                    catalog,
                    "specific_schema",
                    schema,
                    "specific_name",
                    specificName(each),
                    "routine_catalog",
                    catalog,
                    "routine_schema",
                    schema,
                    "routine_name",
                    each.name(),
                    "routine_type",
                    isProcedure ? "PROCEDURE" : each.kind().equals("f") ? "FUNCTION" : null,
                    "data_type",
                    result == null ? null : typeName(context, result),
                    "type_udt_catalog",
                    result == null ? null : catalog,
                    "type_udt_schema",
                    result == null ? null : model.namespaceName(result.namespace()),
                    "type_udt_name",
                    result == null ? null : result.name(),
                    "dtd_identifier",
                    isProcedure ? null : "0",
                    "routine_body",
                    language.equals("sql") ? "SQL" : "EXTERNAL",
                    "routine_definition",
                    each.source(),
                    "external_name",
                    language.equals("c") ? each.source() : null,
                    "external_language",
                    language.toUpperCase(Locale.ROOT),
                    "parameter_style",
                    "GENERAL",
                    "is_deterministic",
                    each.volatility().equals("i") ? "YES" : "NO",
                    "sql_data_access",
                    "MODIFIES",
                    "is_null_call",
                    isProcedure ? null : each.isStrict() ? "YES" : "NO",
                    "schema_level_routine",
                    "YES",
                    "max_dynamic_result_sets",
                    0,
                    "security_type",
                    each.isDefiner() ? "DEFINER" : "INVOKER",
                    "as_locator",
                    "NO",
                    "is_udt_dependent",
                    "NO");
        }
    }

    static void parameters(Context context, Rows rows) {
        String catalog = context.host().database();
        Model model = context.model();
        for (Routine each : Routines.of(context).all()) {
            String schema = model.namespaceName(each.namespace());
            if (schema == null) {
                continue;
            }
            for (int i = 0; i < each.parameterTypes().size(); i++) {
                TypeEntry type = model.types().find(each.parameterTypes().get(i).intValue());
                if (type == null) {
                    continue;
                }
                String name = i < each.names().size() ? each.names().get(i) : null;
                rows.add(
                        "specific_catalog",
                        catalog,
                        "specific_schema",
                        schema,
                        "specific_name",
                        specificName(each),
                        "ordinal_position",
                        i + 1,
                        "parameter_mode",
                        mode(each, i),
                        "is_result",
                        "NO",
                        "as_locator",
                        "NO",
                        "parameter_name",
                        name == null || name.isEmpty() ? null : name,
                        "data_type",
                        typeName(context, type),
                        "udt_catalog",
                        catalog,
                        "udt_schema",
                        model.namespaceName(type.namespace()),
                        "udt_name",
                        type.name(),
                        "dtd_identifier",
                        Integer.toString(i + 1),
                        "parameter_default",
                        RoutineText.defaultOf(context, each, i));
            }
        }
    }

    private static String specificName(Routine routine) {
        return routine.name() + '_' + routine.oid();
    }

    private static String mode(Routine routine, int i) {
        return switch (routine.mode(i)) {
            case "o", "t" -> "OUT";
            case "b" -> "INOUT";
            default -> "IN";
        };
    }

    private static @Nullable String typeName(Context context, TypeEntry type) {
        if (type.isArray()) {
            return "ARRAY";
        }
        boolean isOwn = type.namespace() != Model.PG_CATALOG;
        return isOwn || type.oid() == Oid.UNSPECIFIED
                ? "USER-DEFINED"
                : new Names(context).typeText(type.oid());
    }
}
