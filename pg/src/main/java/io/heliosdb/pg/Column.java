package io.heliosdb.pg;

/**
 * A column of a result, as RowDescription carries it.
 *
 * @param name its name
 * @param typeOid the oid of its type
 * @param typeModifier the type's modifier, such as a length; -1 where it has none
 * @param tableOid the oid of the table it comes from; 0 where it is computed
 * @param attribute its number in that table, from 1; 0 where it is computed
 * @see <a href="https://www.postgresql.org/docs/15/protocol-message-formats.html">PostgreSQL:
 *     RowDescription</a>
 */
public record Column(String name, int typeOid, int typeModifier, int tableOid, int attribute) {
    /**
     * A computed column.
     *
     * @param name its name
     * @param typeOid the oid of its type
     */
    public Column(String name, int typeOid) {
        this(name, typeOid, -1, 0, 0);
    }
}
