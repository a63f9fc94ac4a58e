package io.heliosdb.session;

import io.heliosdb.catalog.Catalog;
import io.heliosdb.engine.EngineSession;
import io.heliosdb.pg.Column;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.type.RegValue;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Gives the values of regclass and its kin the names that they show. */
record RegNames(Catalog catalog, EngineSession session, List<Column> columns) {
    /** Null where no column is of such a type, as in nearly every result. */
    static @Nullable RegNames of(Catalog catalog, EngineSession session, List<Column> columns) {
        for (Column column : columns) {
            if (Oid.isReg(column.typeOid())) {
                return new RegNames(catalog, session, columns);
            }
        }
        return null;
    }

    void apply(@Nullable Object[] row) {
        for (int i = 0; i < row.length; i++) {
            int type = columns.get(i).typeOid();
            if (Oid.isReg(type) && row[i] instanceof Number oid) {
                long value = oid.longValue();
                row[i] = new RegValue(value, catalog.shown(session, type, value));
            }
        }
    }
}
