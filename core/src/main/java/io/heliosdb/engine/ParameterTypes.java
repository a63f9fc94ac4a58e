package io.heliosdb.engine;

import io.heliosdb.pg.Oid;

import org.h2.command.Prepared;
import org.h2.command.query.Query;
import org.h2.command.query.Select;
import org.h2.expression.Expression;
import org.h2.expression.Parameter;
import org.h2.expression.function.CastSpecification;
import org.h2.expression.function.JavaFunction;
import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/** Finds the types of parameters where the store leaves them open: in casts and function calls. */
final class ParameterTypes {
    private final Map<Integer, Integer> oids = new HashMap<>();

    private ParameterTypes() {}

    /** The oids found, by the parameter's index from 0. */
    static Map<Integer, Integer> of(Prepared prepared) {
        if (!(prepared instanceof Query query) || query.getParameters().isEmpty()) {
            return Map.of();
        }
        var found = new ParameterTypes();
        for (Expression expression : query.getExpressions()) {
            found.visit(expression);
        }
        if (query instanceof Select select) {
            found.visit(select.getCondition());
        }
        return found.oids;
    }

    private void visit(@Nullable Expression expression) {
        if (expression == null) {
            return;
        }
        for (int i = 0; i < expression.getSubexpressionCount(); i++) {
            Expression child = expression.getSubexpression(i);
            if (child instanceof Parameter parameter) {
                int oid = typeIn(expression, i);
                if (oid != Oid.UNSPECIFIED) {
                    oids.put(parameter.getIndex(), oid);
                }
            } else {
                visit(child);
            }
        }
    }

    private static int typeIn(Expression parent, int index) {
        if (parent instanceof CastSpecification cast) {
            return Types.computedOid(cast.getType());
        }
        if (parent instanceof JavaFunction function) {
            SqlFunction ours = Functions.named(function.getName());
            if (ours != null && index < ours.argumentOids().size()) {
                return ours.argumentOids().get(index);
            }
        }
        return Oid.UNSPECIFIED;
    }
}
