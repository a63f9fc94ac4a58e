package io.heliosdb.sql;

import java.util.Optional;

/**
 * The name of a table, folded.
 *
 * @param schema its schema, where it was named
 * @param name its name
 */
public record TableName(Optional<String> schema, String name) {
    @Override
    public String toString() {
        return schema.map(text -> text + '.' + name).orElse(name);
    }
}
