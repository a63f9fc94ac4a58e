package io.heliosdb.replication;

import io.heliosdb.engine.TableShape;

import java.util.ArrayList;
import java.util.List;

/**
 * What a reader gets of a table: the same object as long as neither the table nor what is published
 * of it changes.
 *
 * @param schema its schema
 * @param name its name
 * @param oid its number
 * @param columns its published columns in order
 * @param key the names of those by which its rows are known
 */
public record StreamedTable(
        String schema,
        String name,
        int oid,
        List<TableShape.ColumnShape> columns,
        List<String> key) {
    /** Copies the lists. */
    public StreamedTable {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    static StreamedTable of(PublishedRelation relation) {
        var shape = relation.shape();
        var isKey = relation.keys().isKey();
        var columns = new ArrayList<TableShape.ColumnShape>();
        var key = new ArrayList<String>();
        for (int place : relation.columns()) {
            var column = shape.columns().get(place);
            columns.add(column);
            if (isKey[place]) {
                key.add(column.name());
            }
        }
        return new StreamedTable(shape.id().schema(), shape.id().name(), shape.oid(), columns, key);
    }
}
