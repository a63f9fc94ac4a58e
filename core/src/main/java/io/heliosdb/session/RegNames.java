package io.heliosdb.session;

import io.heliosdb.catalog.Catalog;
import io.heliosdb.engine.EngineSession;
import io.heliosdb.pg.Column;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.type.PgArray;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.pg.type.RegValue;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Gives the values of regclass and its kin the names that they show. */
record RegNames(Catalog catalog, EngineSession session, List<Column> columns) {
    /** Null where no column is of such a type, as in nearly every result. */
    static @Nullable RegNames of(Catalog catalog, EngineSession session, List<Column> columns) {
        for (Column column : columns) {
            if (reg(column) != 0) {
                return new RegNames(catalog, session, columns);
            }
        }
        return null;
    }

    /** The type whose values are named, of a column or of its arrays' elements; 0 for none. */
    private static int reg(Column column) {
        int type = column.typeOid();
        if (Oid.isReg(type)) {
            return type;
        }
        int element = PgType.of(type).elementType().map(PgType::oid).orElse(0);
        return Oid.isReg(element) ? element : 0;
    }

    void apply(@Nullable Object[] row) {
        for (int i = 0; i < row.length; i++) {
            int type = row[i] == null ? 0 : reg(columns.get(i));
            if (type == 0) {
                continue;
            }
            row[i] =
                    row[i] instanceof PgArray array
                            ? new PgArray(
                                    type,
                                    array.dimensions(),
                                    array.elements().stream()
                                            .<@Nullable Object>map(each -> named(type, each))
                                            .toList())
                            : named(type, row[i]);
        }
    }

    private @Nullable Object named(int type, @Nullable Object value) {
        return value instanceof Number oid
                ? new RegValue(oid.longValue(), catalog.shown(session, type, oid.longValue()))
                : value;
    }
}
