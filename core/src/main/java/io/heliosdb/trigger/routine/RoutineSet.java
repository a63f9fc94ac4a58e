package io.heliosdb.trigger.routine;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All routines at one moment. Immutable. */
public final class RoutineSet {
    /** None at all. */
    public static final RoutineSet EMPTY = new RoutineSet(Map.of(), Map.of());

    private final Map<Integer, Routine> byOid;
    private final Map<String, List<Routine>> byName;

    private RoutineSet(Map<Integer, Routine> byOid, Map<String, List<Routine>> byName) {
        this.byOid = byOid;
        this.byName = byName;
    }

    /**
     * A routine by its number.
     *
     * @param oid the number
     * @return the routine, or null where there is none
     */
    public @Nullable Routine find(int oid) {
        return byOid.get(oid);
    }

    /**
     * The routines of a name.
     *
     * @param name without a schema
     * @return those of every schema, in no order
     */
    public List<Routine> named(String name) {
        return byName.getOrDefault(name, List.of());
    }

    /**
     * Every routine.
     *
     * @return in no order
     */
    public List<Routine> all() {
        return List.copyOf(byOid.values());
    }

    RoutineSet with(Routine routine) {
        var oids = new HashMap<>(byOid);
        oids.put(routine.oid(), routine);
        return of(oids);
    }

    RoutineSet without(int oid) {
        var oids = new HashMap<>(byOid);
        oids.remove(oid);
        return of(oids);
    }

    private static RoutineSet of(Map<Integer, Routine> oids) {
        var names = new HashMap<String, List<Routine>>();
        oids.values()
                .forEach(each ->
                        names.computeIfAbsent(each.name(), key -> new ArrayList<>()).add(each));
        names.replaceAll((key, list) -> List.copyOf(list));
        return new RoutineSet(Map.copyOf(oids), Map.copyOf(names));
    }
}
