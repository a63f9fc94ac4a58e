package io.heliosdb.trigger.plpgsql;

import java.util.List;
import java.util.Optional;

/**
 * How a body is called.
 *
 * @param name the function's name as CONTEXT lines show it, without its argument types; {@code
 *     inline_code_block} for DO
 * @param parameters its parameters in the order they were declared
 * @param returns what it gives
 * @param isProcedure whether it is called by CALL, or is a DO block, and may end transactions
 * @see <a href="https://www.postgresql.org/docs/15/plpgsql-declarations.html">PostgreSQL:
 *     declarations</a>
 */
public record Signature(
        String name, List<Parameter> parameters, Returns returns, boolean isProcedure) {
    /** Copies the list. */
    public Signature {
        parameters = List.copyOf(parameters);
    }

    /**
     * The signature of a DO block.
     *
     * @return no parameters, no result
     */
    public static Signature inlineBlock() {
        return new Signature("inline_code_block", List.of(), new Returns.Nothing(), true);
    }

    /**
     * The parameters that a caller gives values for.
     *
     * @return IN, INOUT and VARIADIC in their order
     */
    public List<Parameter> inputs() {
        return parameters.stream().filter(parameter -> parameter.mode().isInput()).toList();
    }

    /**
     * The parameters that make the result.
     *
     * @return OUT, INOUT and TABLE in their order
     */
    public List<Parameter> outputs() {
        return parameters.stream().filter(parameter -> parameter.mode().isOutput()).toList();
    }

    /** How a parameter is used. */
    public enum Mode {
        /** Given by the caller. */
        IN,
        /** Part of the result. */
        OUT,
        /** Both. */
        INOUT,
        /** The rest of the arguments, given as one array. */
        VARIADIC,
        /** A column of RETURNS TABLE. */
        TABLE;

        /**
         * Whether the caller gives a value.
         *
         * @return whether it does
         */
        public boolean isInput() {
            return this == IN || this == INOUT || this == VARIADIC;
        }

        /**
         * Whether it is part of the result.
         *
         * @return whether it is
         */
        public boolean isOutput() {
            return this == OUT || this == INOUT || this == TABLE;
        }
    }

    /**
     * A parameter.
     *
     * @param name its name, folded; nothing for one that only {@code $n} names
     * @param mode how it is used
     * @param type its type; an array for VARIADIC
     * @param defaultText the expression of its DEFAULT, which the caller evaluates
     */
    public record Parameter(
            Optional<String> name, Mode mode, BodyType type, Optional<String> defaultText) {}

    /** What a body gives. */
    public sealed interface Returns {
        /** {@code void}, and procedures without OUT parameters. */
        record Nothing() implements Returns {}

        /** {@code trigger}. */
        record Row() implements Returns {}

        /**
         * One value or row. Where there are OUT parameters their values are the result, one alone
         * as a value and several as a row of type {@link BodyType#RECORD}.
         *
         * @param type its type
         */
        record One(BodyType type) implements Returns {}

        /**
         * Any number of values or rows, by RETURN NEXT and RETURN QUERY.
         *
         * @param type the type of each; {@link BodyType#RECORD} for RETURNS TABLE and where several
         *     OUT parameters are the columns
         */
        record Many(BodyType type) implements Returns {}
    }
}
