package io.heliosdb.catalog;

import io.heliosdb.pg.type.PgArray;

import org.jspecify.annotations.Nullable;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All functions and procedures: PostgreSQL's own and those that users have created. */
final class Routines {
    private static volatile SoftReference<Routines> builtIn = new SoftReference<>(null);

    private final Map<Long, Routine> byOid = new HashMap<>();
    private final Map<String, List<Routine>> byName = new HashMap<>();
    private final @Nullable Routines below;

    private Routines(@Nullable Routines below) {
        this.below = below;
    }

    /** Those that a statement sees. */
    static Routines of(Context context) {
        var own = new Routines(builtIn());
        for (var row : context.host().routines(context.session(), new ModelNumbers(context))) {
            own.add(routine(row));
        }
        return own;
    }

    /** Those of users as rows of pg_proc. */
    static void rows(Context context, Rows rows) {
        for (var row : context.host().routines(context.session(), new ModelNumbers(context))) {
            var pairs = new ArrayList<@Nullable Object>();
            row.forEach((name, value) -> {
                pairs.add(name);
                pairs.add(value);
            });
            rows.add(pairs.toArray());
        }
    }

    private static Routines builtIn() {
        Routines known = builtIn.get();
        if (known == null) {
            known = new Routines(null);
            var shape = SystemRelations.require(SystemRelations.PG_CATALOG, "pg_proc");
            for (@Nullable Object[] values : BuiltIns.rows(shape)) {
                var row = new HashMap<String, @Nullable Object>();
                for (int i = 0; i < values.length; i++) {
                    row.put(shape.columns().get(i).name(), values[i]);
                }
                known.add(routine(row));
            }
            builtIn = new SoftReference<>(known);
        }
        return known;
    }

    private void add(Routine routine) {
        byOid.put(routine.oid(), routine);
        byName.computeIfAbsent(routine.name(), ignored -> new ArrayList<>(1)).add(routine);
    }

    @Nullable Routine find(long oid) {
        Routine found = byOid.get(oid);
        return found == null && below != null ? below.find(oid) : found;
    }

    List<Routine> all() {
        var all = new ArrayList<>(byOid.values());
        if (below != null) {
            all.addAll(below.all());
        }
        return all;
    }

    List<Routine> named(String name) {
        var all = new ArrayList<>(byName.getOrDefault(name, List.of()));
        if (below != null) {
            all.addAll(below.named(name));
        }
        return all;
    }

    private static Routine routine(Map<String, @Nullable Object> row) {
        return new Routine(
                number(row, "oid"),
                String.valueOf(row.get("proname")),
                (int) number(row, "pronamespace"),
                String.valueOf(row.get("prokind")),
                number(row, "prolang"),
                number(row, "prorettype"),
                Boolean.TRUE.equals(row.get("proretset")),
                numbers(row.get("proargtypes")),
                numbers(row.get("proallargtypes")),
                elements(row.get("proargmodes")).stream().map(String::valueOf).toList(),
                names(row.get("proargnames")),
                (int) number(row, "pronargdefaults"),
                Boolean.TRUE.equals(row.get("proisstrict")),
                String.valueOf(row.get("provolatile")),
                Boolean.TRUE.equals(row.get("prosecdef")),
                Boolean.TRUE.equals(row.get("proleakproof")),
                String.valueOf(row.get("proparallel")),
                row.get("procost") instanceof Number cost ? cost.doubleValue() : 1,
                row.get("prorows") instanceof Number rows ? rows.doubleValue() : 0,
                elements(row.get("proconfig")).stream().map(String::valueOf).toList(),
                String.valueOf(row.get("prosrc")));
    }

    private static long number(Map<String, @Nullable Object> row, String column) {
        return row.get(column) instanceof Number number ? number.longValue() : 0;
    }

    private static List<@Nullable Object> elements(@Nullable Object array) {
        return array instanceof PgArray known ? known.elements() : List.of();
    }

    private static List<Long> numbers(@Nullable Object array) {
        var list = new ArrayList<Long>();
        for (Object each : elements(array)) {
            list.add(each instanceof Number number ? number.longValue() : 0L);
        }
        return list;
    }

    private static List<@Nullable String> names(@Nullable Object array) {
        var list = new ArrayList<@Nullable String>();
        for (Object each : elements(array)) {
            list.add((String) each);
        }
        return list;
    }
}
