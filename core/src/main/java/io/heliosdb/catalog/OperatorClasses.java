package io.heliosdb.catalog;

import io.heliosdb.pg.Oid;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/** The operator class of btree indexes for each type. */
final class OperatorClasses {
    private static final int ANY_ARRAY = 2277;
    private static final int ANY_ENUM = 3500;

    private static final class Holder {
        static final Map<Integer, Integer> BTREE = load();
    }

    private OperatorClasses() {}

    static int btree(TypeEntry type) {
        int oid = type.kind().equals("d") ? type.base() : type.oid();
        if (type.kind().equals("e")) {
            oid = ANY_ENUM;
        } else if (type.isArray()) {
            oid = ANY_ARRAY;
        } else if (oid == Oid.VARCHAR) {
            oid = Oid.TEXT;
        }
        return Holder.BTREE.getOrDefault(oid, 0);
    }

    private static Map<Integer, Integer> load() {
        var classes = new HashMap<Integer, Integer>();
        var shape = SystemRelations.require(SystemRelations.PG_CATALOG, "pg_opclass");
        for (@Nullable Object[] row : BuiltIns.rows(shape)) {
            boolean isDefault = Boolean.TRUE.equals(row[7]);
            if (isDefault
                    && row[1] instanceof Long method
                    && method == ClassRows.BTREE
                    && row[6] instanceof Long type
                    && row[0] instanceof Long oid) {
                classes.put(type.intValue(), oid.intValue());
            }
        }
        return Map.copyOf(classes);
    }
}
