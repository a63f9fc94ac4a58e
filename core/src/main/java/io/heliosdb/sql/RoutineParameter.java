package io.heliosdb.sql;

import java.util.Optional;

/**
 * A parameter of a routine, or a column of the rows it returns.
 *
 * @param mode which way its value goes
 * @param name its name, where it has one
 * @param type its type
 * @param defaultText the expression that stands for it where a call leaves it out, as written
 * @param defaultSql that expression in the engine's words
 */
public record RoutineParameter(
        Mode mode,
        Optional<String> name,
        RoutineType type,
        Optional<String> defaultText,
        Optional<String> defaultSql) {

    /** Which way a value goes. */
    public enum Mode {
        /** Into the routine. */
        IN,
        /** Out of it. */
        OUT,
        /** Both ways. */
        INOUT,
        /** Into it: all that remain, as an array. */
        VARIADIC,
        /** A column of RETURNS TABLE. */
        TABLE
    }

    /**
     * Whether a call gives it a value.
     *
     * @return whether it does
     */
    public boolean isInput() {
        return mode == Mode.IN || mode == Mode.INOUT || mode == Mode.VARIADIC;
    }

    /**
     * Whether it is part of the result.
     *
     * @return whether it is
     */
    public boolean isOutput() {
        return mode == Mode.OUT || mode == Mode.INOUT || mode == Mode.TABLE;
    }
}
