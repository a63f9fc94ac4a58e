package io.heliosdb.engine;

import org.h2.command.Prepared;
import org.h2.command.query.Select;
import org.h2.engine.SessionLocal;
import org.h2.expression.ExpressionVisitor;
import org.h2.expression.Operation0;
import org.h2.value.TypeInfo;
import org.h2.value.Value;
import org.h2.value.ValueBoolean;

/**
 * The condition by which RETURNING leaves out the rows that a trigger has skipped. The store
 * collects them with the others, in the order in which they are changed, and reads them in it.
 */
final class ReturnedRows extends Operation0 {
    private ReturnedRows() {}

    /** Adds the condition to a query of the rows that a statement changes. */
    static void restrict(Prepared prepared) {
        if (prepared instanceof Select select
                && select.getTopTableFilter() != null
                && select.getTopTableFilter().getJoin() == null
                && StoreAccess.change(select.getTopTableFilter().getTable()) != null) {
            select.addCondition(new ReturnedRows());
        }
    }

    @Override
    public Value getValue(SessionLocal session) {
        return ValueBoolean.get(EngineSession.of(session).depth().isNextReturned());
    }

    @Override
    public TypeInfo getType() {
        return TypeInfo.TYPE_BOOLEAN;
    }

    @Override
    public boolean isEverything(ExpressionVisitor visitor) {
        return visitor.getType() != ExpressionVisitor.DETERMINISTIC;
    }

    @Override
    public StringBuilder getUnenclosedSQL(StringBuilder builder, int sqlFlags) {
        return builder.append("TRUE");
    }

    @Override
    public int getCost() {
        return 1;
    }
}
