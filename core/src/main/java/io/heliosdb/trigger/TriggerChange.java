package io.heliosdb.trigger;

import java.util.List;

/** One step of a transaction that creates or drops triggers. */
sealed interface TriggerChange {
    /** The trigger is there from now on, in the place of a namesake. */
    record Put(Trigger trigger) implements TriggerChange {}

    /** The trigger is gone from now on. */
    record Remove(Trigger trigger) implements TriggerChange {}

    static TriggerSet applyAll(List<TriggerChange> changes, TriggerSet start) {
        var set = start;
        for (var change : changes) {
            set =
                    switch (change) {
                        case Put(var trigger) -> set.with(trigger);
                        case Remove(var trigger) -> set.without(trigger);
                    };
        }
        return set;
    }
}
