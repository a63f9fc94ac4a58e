package io.heliosdb.engine;

import java.util.List;

/** A set of functions that every engine offers; found by {@link java.util.ServiceLoader}. */
public interface FunctionLibrary {
    /**
     * The functions.
     *
     * @return no two with one name
     */
    List<SqlFunction> functions();
}
