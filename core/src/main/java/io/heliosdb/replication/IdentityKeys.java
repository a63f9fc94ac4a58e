package io.heliosdb.replication;

import io.heliosdb.engine.LoggedRows;
import io.heliosdb.engine.TableShape;

import org.jspecify.annotations.Nullable;

/**
 * What of a table's old rows is told.
 *
 * @param isWhole whether all of an old row is
 * @param isKey for each column whether it is part of what is told
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record IdentityKeys(boolean isWhole, boolean[] isKey) {
    static IdentityKeys of(TableShape table, ReplicaIdentity identity) {
        boolean isWhole = identity.kind() == 'f';
        var names = identity.key(table);
        var isKey = new boolean[table.columns().size()];
        for (int i = 0; i < isKey.length; i++) {
            isKey[i] = isWhole || names.contains(table.columns().get(i).name());
        }
        return new IdentityKeys(isWhole, isKey);
    }

    /** Whether anything is told of an old row. */
    boolean isAny() {
        for (boolean each : isKey) {
            if (each) {
                return true;
            }
        }
        return false;
    }

    /**
     * What is told of the old row of an update; null where nothing is, since the key is the same.
     */
    @Nullable Object @Nullable [] ofUpdate(@Nullable Object[] old, @Nullable Object[] row) {
        if (isWhole) {
            return old;
        }
        boolean isSame = true;
        for (int i = 0; i < isKey.length && isSame; i++) {
            isSame = !isKey[i] || LoggedRows.isSame(old[i], row[i]);
        }
        return isSame ? null : key(old);
    }

    /** What is told of the row of a delete; null where nothing is. */
    @Nullable Object @Nullable [] ofDelete(@Nullable Object[] old) {
        return isAny() ? key(old) : null;
    }

    private @Nullable Object[] key(@Nullable Object[] row) {
        var key = new @Nullable Object[row.length];
        for (int i = 0; i < key.length; i++) {
            key[i] = isKey[i] ? row[i] : null;
        }
        return key;
    }
}
