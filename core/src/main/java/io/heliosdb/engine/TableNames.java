package io.heliosdb.engine;

import org.h2.constraint.Constraint;
import org.h2.constraint.ConstraintUnique;
import org.h2.index.Index;
import org.h2.table.Table;

/** Names that PostgreSQL gives otherwise than the store. */
final class TableNames {
    private TableNames() {}

    /** The name of the constraint that an index stands for, or its own. */
    static String of(Table table, Index index) {
        var constraints = table.getConstraints();
        if (constraints != null) {
            for (Constraint constraint : constraints) {
                if (constraint instanceof ConstraintUnique && constraint.usesIndex(index)) {
                    return constraint.getName();
                }
            }
        }
        return index.getName();
    }
}
