package io.heliosdb.engine;

import org.h2.command.query.Query;
import org.h2.engine.DbObject;
import org.h2.engine.SessionLocal;
import org.h2.expression.Alias;
import org.h2.expression.Expression;
import org.h2.expression.ExpressionVisitor;
import org.h2.expression.Parameter;
import org.h2.schema.Sequence;
import org.h2.table.Table;
import org.h2.value.Value;
import org.jspecify.annotations.Nullable;

import java.util.HashSet;

/**
 * The values of a query that reads no table, computed without running a statement: no plan, no
 * result, no place in the transaction. It belongs to an {@link EnginePlan}, shares its parameters
 * and is as good as it for one version of the schema. One evaluation must not run inside another of
 * the same plan.
 */
public final class EngineExpression {
    private final EngineSession session;
    private final String sql;
    private final Expression[] expressions;
    private final Parameter[] parameters;
    private final int[] parameterTypes;

    private EngineExpression(
            EngineSession session,
            String sql,
            Expression[] expressions,
            Parameter[] parameters,
            int[] parameterTypes) {
        this.session = session;
        this.sql = sql;
        this.expressions = expressions;
        this.parameters = parameters;
        this.parameterTypes = parameterTypes;
    }

    /**
     * The expressions of a query of one row that depends on no table and no sequence.
     *
     * @return null for anything else
     */
    static @Nullable EngineExpression of(
            EngineSession session, String sql, Query query, Parameter[] parameters, int[] types) {
        if (query.getIfSingleRow() == null || query.hasOrder()) {
            return null;
        }
        var expressions = new Expression[query.getColumnCount()];
        for (int i = 0; i < expressions.length; i++) {
            Expression expression = query.getExpressions().get(i);
            expressions[i] =
                    expression instanceof Alias ? expression.getNonAliasExpression() : expression;
            if (!isComputed(expressions[i])) {
                return null;
            }
            expressions[i] = DirectCall.in(expressions[i], session);
        }
        return new EngineExpression(session, sql, expressions, parameters, types);
    }

    private static boolean isComputed(Expression expression) {
        var dependencies = new HashSet<DbObject>();
        boolean visited =
                expression.isEverything(ExpressionVisitor.getDependenciesVisitor(dependencies));
        return visited
                && dependencies.stream()
                        .noneMatch(o -> o instanceof Table || o instanceof Sequence);
    }

    /**
     * How many values it has.
     *
     * @return at least 1
     */
    public int count() {
        return expressions.length;
    }

    /**
     * Computes the values.
     *
     * @param values one for each parameter, as {@code pg.type} represents it
     * @return the values; null for NULL
     * @throws io.heliosdb.pg.PgException as {@link EnginePlan#execute}
     */
    public @Nullable Object[] evaluate(@Nullable Object[] values) {
        return session.evaluate(sql, () -> all(values));
    }

    /**
     * Computes the first value.
     *
     * @param values one for each parameter, as {@code pg.type} represents it
     * @return the value; null for NULL
     * @throws io.heliosdb.pg.PgException as {@link EnginePlan#execute}
     */
    public @Nullable Object value(@Nullable Object[] values) {
        return session.evaluate(sql, () -> first(values));
    }

    private @Nullable Object first(@Nullable Object[] values) {
        bind(values);
        SessionLocal local = session.local();
        return Values.toJava(expressions[0].getValue(local), local);
    }

    private @Nullable Object[] all(@Nullable Object[] values) {
        bind(values);
        SessionLocal local = session.local();
        var results = new @Nullable Object[expressions.length];
        for (int i = 0; i < results.length; i++) {
            results[i] = Values.toJava(expressions[i].getValue(local), local);
        }
        return results;
    }

    private void bind(@Nullable Object[] values) {
        for (int i = 0; i < parameters.length; i++) {
            Value value = Values.toValue(values[i], parameterTypes[i], session.local());
            parameters[i].setValue(value, true);
        }
    }
}
