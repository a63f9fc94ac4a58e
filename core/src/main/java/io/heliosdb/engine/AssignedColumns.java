package io.heliosdb.engine;

import org.h2.command.Prepared;
import org.h2.command.dml.MergeUsing;
import org.h2.command.dml.SetClauseList;
import org.h2.command.dml.Update;
import org.h2.command.query.Select;
import org.h2.table.DataChangeDeltaTable;
import org.h2.table.Table;
import org.jspecify.annotations.Nullable;

import java.lang.reflect.Field;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds the columns that an UPDATE names after SET, which the store tells nobody. */
final class AssignedColumns {
    private static final Field OF_UPDATE = field(Update.class, "setClauseList");
    private static final Field OF_MATCHED =
            field(MergeUsing.WhenMatchedThenUpdate.class, "setClauseList");
    private static final Field WHEN = field(MergeUsing.class, "when");
    private static final Field ACTIONS = field(SetClauseList.class, "actions");
    private static final Field OF_DELTA = field(DataChangeDeltaTable.class, "statement");

    private AssignedColumns() {}

    private static Field field(Class<?> owner, String name) {
        try {
            Field field = owner.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The columns; null for a statement that sets none. */
    static @Nullable Set<String> of(Prepared prepared, Table table) {
        try {
            var columns = new HashSet<String>();
            return collect(prepared, table, columns) ? Set.copyOf(columns) : null;
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean collect(Object statement, Table table, Set<String> columns)
            throws IllegalAccessException {
        return switch (statement) {
            case Update update -> {
                add(OF_UPDATE.get(update), table, columns);
                yield true;
            }
            case MergeUsing merge -> {
                boolean sets = false;
                for (Object when : (List<?>) WHEN.get(merge)) {
                    if (when instanceof MergeUsing.WhenMatchedThenUpdate matched) {
                        add(OF_MATCHED.get(matched), table, columns);
                        sets = true;
                    }
                }
                yield sets;
            }
            case Select select
                    when select.getTopTableFilter() != null
                            && select.getTopTableFilter().getTable()
                                    instanceof DataChangeDeltaTable delta ->
                    collect(OF_DELTA.get(delta), table, columns);
            default -> false;
        };
    }

    private static void add(Object setClauses, Table table, Set<String> columns)
            throws IllegalAccessException {
        var actions = (Object[]) ACTIONS.get(setClauses);
        for (int i = 0; i < actions.length; i++) {
            if (actions[i] != null) {
                columns.add(table.getColumn(i).getName());
            }
        }
    }
}
