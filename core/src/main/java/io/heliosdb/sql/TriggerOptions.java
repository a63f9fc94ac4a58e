package io.heliosdb.sql;

import io.heliosdb.pg.SqlState;

import java.util.Optional;

/** Reads what CREATE TRIGGER says between its table and FOR EACH. */
final class TriggerOptions {
    private final Cursor cursor;
    private boolean isConstraint;
    private boolean isDeferrable;
    private boolean isDeferred;
    private Optional<String> oldTable = Optional.empty();
    private Optional<String> newTable = Optional.empty();

    TriggerOptions(Cursor cursor) {
        this.cursor = cursor;
    }

    void read(boolean forConstraint) {
        isConstraint = forConstraint;
        if (forConstraint) {
            if (cursor.tryWord("from")) {
                cursor.tableName();
            }
            deferrable();
        }
        if (cursor.tryWord("referencing")) {
            boolean isOld = cursor.isWord("old");
            while (isOld || cursor.isWord("new")) {
                transition(isOld);
                isOld = cursor.isWord("old");
            }
        }
    }

    private void deferrable() {
        if (cursor.isWord("not") && cursor.isWordAhead(1, "deferrable")) {
            cursor.at += 2;
        } else {
            isDeferrable = cursor.tryWord("deferrable");
        }
        if (cursor.tryWord("initially")) {
            isDeferred = cursor.tryWord("deferred");
            if (!isDeferred) {
                cursor.requireWord("immediate");
            }
            isDeferrable |= isDeferred;
        }
    }

    private void transition(boolean isOld) {
        cursor.at++;
        if (cursor.isWord("row")) {
            throw cursor.error(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "ROW variable naming in the REFERENCING clause is not supported");
        }
        cursor.requireWord("table");
        cursor.tryWord("as");
        Optional<String> name = Optional.of(cursor.columnId());
        if (isOld) {
            oldTable = name;
        } else {
            newTable = name;
        }
    }

    boolean isGiven() {
        return isConstraint || oldTable.isPresent() || newTable.isPresent();
    }

    boolean isConstraint() {
        return isConstraint;
    }

    boolean isDeferrable() {
        return isDeferrable;
    }

    boolean isDeferred() {
        return isDeferred;
    }

    Optional<String> oldTable() {
        return oldTable;
    }

    Optional<String> newTable() {
        return newTable;
    }
}
