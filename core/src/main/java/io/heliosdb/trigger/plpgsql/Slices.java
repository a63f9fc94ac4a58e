package io.heliosdb.trigger.plpgsql;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgArray;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The parts of an array that FOREACH goes through. */
final class Slices {
    private Slices() {}

    /**
     * The parts of an array.
     *
     * @param dimensions how many dimensions each part has; 0 for the elements
     */
    static List<@Nullable Object> of(PgArray array, int dimensions) {
        int[] lengths = array.dimensions();
        if (dimensions == 0 || array.elements().isEmpty()) {
            return array.elements();
        }
        if (dimensions > lengths.length) {
            throw new PgException(
                    SqlState.ARRAY_SUBSCRIPT_ERROR,
                    "slice dimension (%d) is out of the valid range 0..%d"
                            .formatted(dimensions, lengths.length));
        }
        int[] inner = Arrays.copyOfRange(lengths, lengths.length - dimensions, lengths.length);
        int size = Arrays.stream(inner).reduce(1, (a, b) -> a * b);
        var slices = new ArrayList<@Nullable Object>();
        for (int from = 0; from + size <= array.elements().size(); from += size) {
            var elements = new ArrayList<>(array.elements().subList(from, from + size));
            slices.add(new PgArray(array.elementOid(), inner, elements));
        }
        return slices;
    }
}
