package io.heliosdb.pg.type;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * An array of any number of dimensions; an empty one has none. Lower bounds other than 1 are read
 * and forgotten.
 *
 * @param elementOid the type of each element
 * @param dimensions the length of each dimension, outermost first
 * @param elements all elements, the last dimension running fastest
 */
@SuppressWarnings("ArrayRecordComponent") // copied at the border, compared by content
public record PgArray(int elementOid, int[] dimensions, List<@Nullable Object> elements) {
    /** The most dimensions PostgreSQL allows. */
    public static final int DIMENSIONS_MAX = 6;

    /** Copies what it is given and checks that the lengths agree. */
    public PgArray {
        dimensions = dimensions.clone();
        elements = Collections.unmodifiableList(new ArrayList<>(elements));
        long product = dimensions.length == 0 ? 0 : 1;
        for (int dimension : dimensions) {
            product = Math.multiplyExact(product, dimension);
        }
        if (product != elements.size()) {
            throw new IllegalArgumentException(
                    elements.size() + " elements in " + Arrays.toString(dimensions));
        }
    }

    /**
     * A one-dimensional array.
     *
     * @param elementOid the type of each element
     * @param elements its elements
     * @return the array
     */
    public static PgArray of(int elementOid, List<? extends @Nullable Object> elements) {
        int[] dimensions = elements.isEmpty() ? new int[0] : new int[] {elements.size()};
        return new PgArray(elementOid, dimensions, new ArrayList<>(elements));
    }

    /**
     * The length of each dimension.
     *
     * @return a copy
     */
    @Override
    public int[] dimensions() {
        return dimensions.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PgArray(int oid, int[] lengths, List<@Nullable Object> values)
                && elementOid == oid
                && Arrays.equals(dimensions, lengths)
                && sameElements(values);
    }

    private boolean sameElements(List<@Nullable Object> others) {
        for (int i = 0; i < elements.size(); i++) {
            if (!Objects.deepEquals(elements.get(i), others.get(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 31 * elementOid + Arrays.hashCode(dimensions);
        return 31 * hash + Arrays.deepHashCode(elements.toArray());
    }

    /** Prints PostgreSQL's form. */
    @Override
    public String toString() {
        var out = new ByteSink(64);
        new ArrayCodec(PgType.of(elementOid)).encodeText(this, TextStyle.DEFAULT, out);
        return out.toString();
    }
}
