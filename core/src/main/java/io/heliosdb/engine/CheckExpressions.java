package io.heliosdb.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.h2.command.Parser;
import org.h2.constraint.Constraint;
import org.h2.constraint.ConstraintCheck;
import org.h2.constraint.ConstraintDomain;
import org.h2.engine.SessionLocal;
import org.h2.expression.Expression;
import org.h2.table.TableFilter;
import org.h2.util.HasSQL;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets the expressions of CHECK constraints outlive the session that defined them. The store keeps
 * that session in a list of constants and compares with it, which fails for everybody once it is
 * closed; so each new expression is parsed once more for a session that lasts.
 */
final class CheckExpressions {
    private static final String LIST = " IN(";

    private final SessionLocal keeper;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Set<Constraint> settled = Collections.newSetFromMap(new WeakHashMap<>());

    CheckExpressions(SessionLocal keeper) {
        this.keeper = keeper;
    }

    /** After a change of the schema, before others see it. */
    void settle() {
        lock.lock();
        try {
            for (var schema : keeper.getDatabase().getAllSchemas()) {
                for (Constraint each : schema.getAllConstraints()) {
                    if (settled.add(each)) {
                        settle(each);
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Those who check a row hold the constraint's own monitor. */
    private void settle(Constraint constraint) {
        if (constraint instanceof ConstraintCheck check) {
            var filter = new TableFilter(keeper, check.getTable(), null, false, null, 0, null);
            Expression parsed = new Parser(keeper).parseExpression(text(check));
            parsed.mapColumns(filter, 0, Expression.MAP_INITIAL);
            Expression expression = parsed.optimize(keeper);
            synchronized (check) {
                check.setTableFilter(filter);
                check.setExpression(expression);
            }
        } else if (constraint instanceof ConstraintDomain domain && text(domain).contains(LIST)) {
            // A LIKE that is parsed once more would let any value pass; it keeps no session.
            var parsed = new Parser(keeper).parseDomainConstraintExpression(text(domain));
            synchronized (domain) {
                domain.setExpression(keeper, parsed);
            }
        }
    }

    private static String text(Constraint constraint) {
        return constraint.getExpression().getSQL(HasSQL.DEFAULT_SQL_FLAGS);
    }
}
