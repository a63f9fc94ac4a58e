package io.heliosdb.pg.type;

/**
 * A value of {@code regclass} or one of its kin: an oid that is shown as the name of what it
 * numbers.
 *
 * @param oid the number
 * @param name the name, qualified and quoted where that is needed; the number where there is no
 *     such object, {@code -} for 0
 */
public record RegValue(long oid, String name) {
    @Override
    public String toString() {
        return name;
    }
}
