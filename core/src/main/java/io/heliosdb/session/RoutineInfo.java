package io.heliosdb.session;

import io.heliosdb.catalog.ObjectNumbers;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.type.PgArray;
import io.heliosdb.sql.RoutineDefinition;
import io.heliosdb.sql.RoutineParameter;
import io.heliosdb.sql.RoutineType;
import io.heliosdb.trigger.routine.Routine;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Functions and procedures of users as rows of pg_proc. */
final class RoutineInfo {
    private static final long OWNER = 10;
    private static final long SQL = 14;
    private static final long PLPGSQL = 13_563;

    private RoutineInfo() {}

    static Map<String, @Nullable Object> row(Routine routine, ObjectNumbers names) {
        RoutineDefinition definition = routine.definition();
        var row = new HashMap<String, @Nullable Object>();
        row.put("oid", routine.oid());
        row.put("proname", routine.name());
        row.put("pronamespace", names.namespace(routine.schema()));
        row.put("proowner", OWNER);
        row.put("prolang", definition.language().equals("sql") ? SQL : PLPGSQL);
        row.put("procost", definition.cost().orElse(100.0).floatValue());
        row.put(
                "prorows",
                definition.rows().orElse(definition.returnsSet() ? 1000.0 : 0.0).floatValue());
        row.put("provariadic", 0);
        row.put("prosupport", 0);
        row.put("prokind", definition.isProcedure() ? "p" : "f");
        row.put("prosecdef", definition.isSecurityDefiner());
        row.put("proleakproof", definition.isLeakproof());
        row.put("proisstrict", definition.isStrict());
        row.put("proretset", definition.returnsSet());
        row.put("provolatile", String.valueOf(definition.volatility()));
        row.put("proparallel", String.valueOf(definition.parallel()));
        row.put("prorettype", resultType(definition, names));
        row.put("prosrc", definition.body());
        if (!definition.settings().isEmpty()) {
            var settings =
                    definition.settings().entrySet().stream()
                            .map(each -> each.getKey() + '=' + each.getValue())
                            .sorted()
                            .toList();
            row.put("proconfig", PgArray.of(Oid.TEXT, settings));
        }
        arguments(row, definition, names);
        return row;
    }

    private static void arguments(
            Map<String, @Nullable Object> row, RoutineDefinition definition, ObjectNumbers names) {
        List<RoutineParameter> all = definition.parameters();
        List<RoutineParameter> inputs = definition.inputs();
        row.put("pronargs", inputs.size());
        row.put(
                "pronargdefaults",
                inputs.stream().filter(each -> each.defaultText().isPresent()).count());
        row.put("proargtypes", types(inputs, names));
        if (all.stream().anyMatch(each -> each.mode() != RoutineParameter.Mode.IN)) {
            row.put("proallargtypes", types(all, names));
            row.put(
                    "proargmodes",
                    PgArray.of(Oid.TEXT, all.stream().map(RoutineInfo::mode).toList()));
        }
        if (all.stream().anyMatch(each -> each.name().isPresent())) {
            row.put(
                    "proargnames",
                    PgArray.of(
                            Oid.TEXT, all.stream().map(each -> each.name().orElse("")).toList()));
        }
    }

    private static long resultType(RoutineDefinition definition, ObjectNumbers names) {
        boolean isRecord = definition.isProcedure() && !definition.outputs().isEmpty();
        return isRecord ? RoutineType.RECORD : type(definition.returns(), names);
    }

    private static long type(RoutineType type, ObjectNumbers names) {
        return type.isNamed() ? names.type(type.schema(), type.name(), type.isArray()) : type.oid();
    }

    private static PgArray types(List<RoutineParameter> parameters, ObjectNumbers names) {
        return PgArray.of(
                Oid.OID, parameters.stream().map(each -> type(each.type(), names)).toList());
    }

    private static String mode(RoutineParameter parameter) {
        return switch (parameter.mode()) {
            case IN -> "i";
            case OUT -> "o";
            case INOUT -> "b";
            case VARIADIC -> "v";
            case TABLE -> "t";
        };
    }
}
