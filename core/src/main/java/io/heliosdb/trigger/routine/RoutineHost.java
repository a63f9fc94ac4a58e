package io.heliosdb.trigger.routine;

import io.heliosdb.trigger.plpgsql.PlpgsqlHost;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What routines need of the session that calls them. Called in its thread only. */
public interface RoutineHost extends PlpgsqlHost {
    /**
     * Where names without a schema are looked up; new routines go into the first.
     *
     * @return the schemas of the search path that exist
     */
    List<String> schemas();

    /**
     * Who the session acts as.
     *
     * @return the role
     */
    String user();

    /**
     * Does something as another role or with other settings, which are as they were afterwards.
     *
     * @param role who to act as; nothing for no change
     * @param settings what settings are to be meanwhile
     * @param work what to do
     * @param <T> the type of its result
     * @return what it gives
     */
    <T> T acting(Optional<String> role, Map<String, String> settings, Supplier<T> work);
}
