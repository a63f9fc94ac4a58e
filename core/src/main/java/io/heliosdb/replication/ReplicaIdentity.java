package io.heliosdb.replication;

import io.heliosdb.engine.TableShape;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What of an old row is published with an update or a delete.
 *
 * @param kind as {@code pg_class.relreplident} has it: d for the primary key, f for the whole row,
 *     n for nothing, i for the columns of an index
 * @param index the index; null for the other kinds
 * @see <a href="https://www.postgresql.org/docs/15/sql-altertable.html">PostgreSQL: REPLICA
 *     IDENTITY</a>
 */
public record ReplicaIdentity(char kind, @Nullable String index) {
    /** The primary key. */
    public static final ReplicaIdentity DEFAULT = new ReplicaIdentity('d', null);

    /**
     * The columns by which a row is known.
     *
     * @param table the table's shape
     * @return their names; none where nothing of an old row is published, or all of it is
     */
    public List<String> key(TableShape table) {
        return switch (kind) {
            case 'd' -> table.primaryKey();
            case 'i' ->
                    table.keys().stream()
                            .filter(key -> key.name().equals(index))
                            .findFirst()
                            .map(TableShape.Key::columns)
                            .orElse(List.of());
            default -> List.of();
        };
    }
}
