package io.heliosdb.replication;

import org.jspecify.annotations.Nullable;

/**
 * Passes on what of a transaction a reader's publications have. A transaction of which they have
 * nothing is left out. Confined to the thread of its reader.
 */
final class PublishedChanges implements AutoCloseable {
    private final PublishedRelations relations;
    private final boolean withMessages;
    private boolean hasBegun;

    PublishedChanges(PublishedRelations relations, boolean withMessages) {
        this.relations = relations;
        this.withMessages = withMessages;
    }

    void pass(DecodedTransaction transaction, PublishedSink out) {
        hasBegun = false;
        for (var change : transaction.changes()) {
            pass(transaction, change, out);
        }
        if (hasBegun) {
            out.commit(transaction);
        }
    }

    private void pass(DecodedTransaction transaction, LogicalChange change, PublishedSink out) {
        switch (change) {
            case LogicalChange.Insert(var table, var row) -> {
                var relation = relations.find(table);
                if (relation != null && relation.publishesInsert(row)) {
                    begin(transaction, out);
                    out.insert(relation, row);
                }
            }
            case LogicalChange.Update(var table, var old, var row) -> {
                var relation = relations.find(table);
                if (relation != null) {
                    update(transaction, relation, old, row, out);
                }
            }
            case LogicalChange.Delete(var table, var old) -> {
                var relation = relations.find(table);
                if (relation != null && relation.publishesDelete(old)) {
                    begin(transaction, out);
                    out.delete(relation, old);
                }
            }
            case LogicalChange.Truncate(var table, boolean restarts) -> {
                var relation = relations.find(table);
                if (relation != null && relation.publishesTruncate()) {
                    begin(transaction, out);
                    out.truncate(relation, restarts);
                }
            }
            case LogicalChange.Message message -> {
                if (withMessages) {
                    if (message.isTransactional()) {
                        begin(transaction, out);
                    }
                    out.message(transaction, message);
                }
            }
        }
    }

    private void update(
            DecodedTransaction transaction,
            PublishedRelation relation,
            @Nullable Object[] old,
            @Nullable Object[] row,
            PublishedSink out) {
        var told = relation.keys().ofUpdate(old, row);
        var seen = relation.seen(told == null ? null : old, row);
        if (seen == PublishedRelation.Seen.NOTHING) {
            return;
        }
        begin(transaction, out);
        switch (seen) {
            case INSERT -> out.insert(relation, row);
            case DELETE -> out.delete(relation, old);
            case UPDATE -> out.update(relation, old, told, row);
            case NOTHING -> {}
        }
    }

    private void begin(DecodedTransaction transaction, PublishedSink out) {
        if (!hasBegun) {
            hasBegun = true;
            out.begin(transaction);
        }
    }

    @Override
    public void close() {
        relations.close();
    }
}
