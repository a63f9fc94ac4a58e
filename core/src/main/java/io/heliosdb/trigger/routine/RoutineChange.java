package io.heliosdb.trigger.routine;

import java.util.List;

/** One step of a transaction that creates or drops routines. */
sealed interface RoutineChange {
    /** The routine is there from now on, in the place of one of its number. */
    record Put(Routine routine) implements RoutineChange {}

    /** The routine is gone from now on. */
    record Remove(int oid) implements RoutineChange {}

    static RoutineSet applyAll(List<RoutineChange> changes, RoutineSet start) {
        var set = start;
        for (var change : changes) {
            set =
                    switch (change) {
                        case Put(var routine) -> set.with(routine);
                        case Remove(var oid) -> set.without(oid);
                    };
        }
        return set;
    }
}
