package io.heliosdb.catalog;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A function or procedure, as {@code pg_proc} has it.
 *
 * @param oid its number
 * @param name its name
 * @param namespace the oid of its schema
 * @param kind {@code f}, {@code p}, {@code a} or {@code w}
 * @param language the oid of its language
 * @param resultType the oid of its result's type
 * @param isSet whether it returns a set of rows
 * @param argumentTypes the types of the arguments that a call gives
 * @param allTypes the types of all arguments; empty where all are given by the call
 * @param modes their modes, as letters; empty where all are IN
 * @param names their names; empty where none has one
 * @param defaults how many of the last arguments have a default
 * @param isStrict whether a null argument makes a null result
 * @param volatility {@code i}, {@code s} or {@code v}
 * @param isDefiner whether it runs as its owner
 * @param isLeakproof whether it tells nothing of its arguments
 * @param parallel {@code s}, {@code r} or {@code u}
 * @param cost what a call costs
 * @param rows how many rows are expected of one that returns a set
 * @param settings what it sets while it runs, as {@code name=value}
 * @param source its body
 */
record Routine(
        long oid,
        String name,
        int namespace,
        String kind,
        long language,
        long resultType,
        boolean isSet,
        List<Long> argumentTypes,
        List<Long> allTypes,
        List<String> modes,
        List<@Nullable String> names,
        int defaults,
        boolean isStrict,
        String volatility,
        boolean isDefiner,
        boolean isLeakproof,
        String parallel,
        double cost,
        double rows,
        List<String> settings,
        String source) {

    /** The types of all parameters. */
    List<Long> parameterTypes() {
        return allTypes.isEmpty() ? argumentTypes : allTypes;
    }

    /** The mode of a parameter, counted from 0. */
    String mode(int parameter) {
        return modes.isEmpty() ? "i" : modes.get(parameter);
    }
}
