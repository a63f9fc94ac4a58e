package io.heliosdb.sql;

import java.util.List;
import java.util.Optional;

/**
 * A routine as DROP and ALTER name it.
 *
 * @param name its name
 * @param arguments the types of its arguments, where they are given
 */
public record RoutineName(TableName name, Optional<List<RoutineType>> arguments) {
    @Override
    public String toString() {
        return name
                + arguments
                        .map(types ->
                                types.stream()
                                        .map(RoutineType::display)
                                        .collect(
                                                java.util.stream.Collectors.joining(",", "(", ")")))
                        .orElse("()");
    }
}
