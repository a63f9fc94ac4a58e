package io.heliosdb.trigger.plpgsql;

import io.heliosdb.engine.ColumnInfo;
import io.heliosdb.engine.TableInfo;
import io.heliosdb.pg.Column;
import io.heliosdb.sql.SqlType;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The columns of a row.
 *
 * @param names their names
 * @param types their types
 */
record RowShape(List<String> names, List<SqlType> types) {
    RowShape {
        names = List.copyOf(names);
        types = List.copyOf(types);
    }

    static RowShape of(TableInfo table) {
        return new RowShape(
                table.columns().stream().map(ColumnInfo::name).toList(),
                table.columns().stream().map(RowShape::type).toList());
    }

    /** The shape of what a query gives. */
    static RowShape of(List<Column> columns) {
        var names = new ArrayList<String>(columns.size());
        var types = new ArrayList<SqlType>(columns.size());
        for (var column : columns) {
            names.add(column.name());
            types.add(type(column.typeOid()));
        }
        return new RowShape(names, types);
    }

    static SqlType type(ColumnInfo column) {
        return type(column.oid()).with(column.typeModifier(), column.type());
    }

    /** A type by its oid; text for one that is not known. */
    static SqlType type(int oid) {
        var type = SqlType.of(oid);
        return type == null ? SqlType.TEXT : type;
    }

    List<Column> columns() {
        var columns = new ArrayList<Column>(names.size());
        for (int i = 0; i < names.size(); i++) {
            var type = types.get(i);
            columns.add(new Column(names.get(i), type.oid(), type.modifier(), 0, 0));
        }
        return columns;
    }

    /** The same object in nearly every case, which is seen at once. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof RowShape(var otherNames, var otherTypes)
                        && names.equals(otherNames)
                        && types.equals(otherTypes));
    }

    @Override
    public int hashCode() {
        return 31 * names.hashCode() + types.hashCode();
    }

    /** Where a column stands; below 0 where there is none. */
    int indexOf(String name) {
        return names.indexOf(name);
    }

    int size() {
        return names.size();
    }
}
