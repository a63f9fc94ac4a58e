package io.heliosdb.replication;

import io.heliosdb.engine.TableInfo;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

/** Which indexes can tell the rows of a table apart. */
final class IdentityIndexes {
    private IdentityIndexes() {}

    /**
     * Looks whether an index can be a replica identity.
     *
     * @throws PgException 42704 where the table has no such index, 42809 where it is not unique or
     *     a column of it may be null
     */
    static void require(TableInfo table, String name) {
        var index =
                table.indexes().stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst()
                        .orElseThrow(() ->
                                new PgException(
                                        SqlState.UNDEFINED_OBJECT,
                                        "index \"%s\" for table \"%s\" does not exist"
                                                .formatted(name, table.id().name())));
        if (!index.isUnique()) {
            throw new PgException(
                    SqlState.WRONG_OBJECT_TYPE,
                    "cannot use non-unique index \"" + name + "\" as replica identity");
        }
        for (String column : index.columns()) {
            if (table.column(column).orElseThrow().isNullable()) {
                throw new PgException(
                        SqlState.WRONG_OBJECT_TYPE,
                        "index \"%s\" cannot be used as replica identity because column \"%s\" is nullable"
                                .formatted(name, column));
            }
        }
    }
}
