package io.heliosdb.sql;

import io.heliosdb.pg.Column;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A routine as calls of it see it.
 *
 * @param oid its number, which a rewritten call holds
 * @param name its name
 * @param isProcedure whether CALL calls it
 * @param parameters its parameters in order
 * @param returns what it returns
 * @param returnsSet whether it returns any number of rows
 * @param columns the columns of its rows in FROM; empty for {@code record}, whose columns the call
 *     has to define
 * @param isRow whether its value is a row of those columns rather than one value
 */
public record RoutineSignature(
        int oid,
        String name,
        boolean isProcedure,
        List<RoutineParameter> parameters,
        RoutineType returns,
        boolean returnsSet,
        List<Column> columns,
        boolean isRow) {

    /** Copies the lists. */
    public RoutineSignature {
        parameters = List.copyOf(parameters);
        columns = List.copyOf(columns);
    }

    /** The parameters that a call has places for; CALL has one for those that come out, too. */
    List<RoutineParameter> places() {
        return parameters.stream()
                .filter(parameter ->
                        parameter.isInput()
                                || (isProcedure && parameter.mode() == RoutineParameter.Mode.OUT))
                .toList();
    }

    boolean isVariadic() {
        return parameters.stream()
                .anyMatch(parameter -> parameter.mode() == RoutineParameter.Mode.VARIADIC);
    }

    /**
     * The routine as messages name it.
     *
     * @return such as {@code f(integer, text)}
     */
    public String display() {
        return name
                + places().stream()
                        .map(parameter -> parameter.type().display())
                        .collect(Collectors.joining(", ", "(", ")"));
    }
}
