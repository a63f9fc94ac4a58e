package io.heliosdb.engine;

import org.h2.engine.SessionLocal;
import org.h2.expression.Expression;
import org.h2.expression.ExpressionVisitor;
import org.h2.expression.Operation0;
import org.h2.expression.function.CastSpecification;
import org.h2.expression.function.JavaFunction;
import org.h2.value.TypeInfo;
import org.h2.value.Value;
import org.h2.value.ValueNull;
import org.h2.value.ValueVarchar;
import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A call of one of our functions without what the store does around each: a connection, an array of
 * arguments made by reflection, and settings that are put back. Only in an {@link
 * EngineExpression}, whose parameters it shares.
 */
final class DirectCall extends Operation0 {
    private static final MethodType TYPE =
            MethodType.methodType(Object.class, Connection.class, Value[].class);

    /** Each function's method by its name and number of arguments; those that do not fit, too. */
    private static final Map<String, Optional<MethodHandle>> METHODS = new ConcurrentHashMap<>();

    private final MethodHandle method;
    private final Connection connection;
    private final Expression[] arguments;
    private final TypeInfo type;

    private DirectCall(
            MethodHandle method, Connection connection, Expression[] arguments, TypeInfo type) {
        this.method = method;
        this.connection = connection;
        this.arguments = arguments;
        this.type = type;
    }

    /** An expression with direct calls in the place of those that can be. */
    static Expression in(Expression expression, EngineSession session) {
        if (expression instanceof CastSpecification cast && isText(cast.getType())) {
            Expression inner = in(cast.getSubexpression(0), session);
            return inner instanceof DirectCall && isText(inner.getType()) ? inner : expression;
        }
        if (!(expression instanceof JavaFunction function)) {
            return expression;
        }
        int count = function.getSubexpressionCount();
        var found = method(function.getName(), count);
        if (found.isEmpty()) {
            return expression;
        }
        var arguments = new Expression[count];
        for (int i = 0; i < count; i++) {
            arguments[i] = in(function.getSubexpression(i), session);
        }
        return new DirectCall(
                found.get(),
                session.depth().connection(session.local()),
                arguments,
                function.getType());
    }

    private static boolean isText(TypeInfo type) {
        return type.getValueType() == Value.VARCHAR
                && type.getPrecision() >= TypeInfo.TYPE_VARCHAR.getPrecision();
    }

    private static Optional<MethodHandle> method(String name, int count) {
        return METHODS.computeIfAbsent(
                name + '/' + count, key -> Optional.ofNullable(find(Functions.named(name), count)));
    }

    private static @Nullable MethodHandle find(@Nullable SqlFunction function, int count) {
        if (function == null) {
            return null;
        }
        MethodHandle collecting = null;
        for (Method method : function.owner().getMethods()) {
            if (!method.getName().equals(function.method())) {
                continue;
            }
            Class<?>[] parameters = method.getParameterTypes();
            int first = parameters.length > 0 && parameters[0] == Connection.class ? 1 : 0;
            if (!takesValues(method, first)) {
                continue;
            }
            if (!method.isVarArgs() && parameters.length - first == count) {
                return adapted(method, first, count);
            }
            if (method.isVarArgs() && parameters.length - first == 1) {
                collecting = adapted(method, first, -1);
            }
        }
        return collecting;
    }

    private static boolean takesValues(Method method, int first) {
        Class<?> result = method.getReturnType();
        if (result != Value.class && result != String.class) {
            return false;
        }
        Class<?>[] parameters = method.getParameterTypes();
        for (int i = first; i < parameters.length; i++) {
            boolean isRest = method.isVarArgs() && i == parameters.length - 1;
            if (parameters[i] != (isRest ? Value[].class : Value.class)) {
                return false;
            }
        }
        return true;
    }

    /** With a connection first, and the arguments in one array. */
    private static MethodHandle adapted(Method method, int first, int count) {
        try {
            MethodHandle handle = MethodHandles.publicLookup().unreflect(method).asFixedArity();
            if (count >= 0) {
                handle = handle.asSpreader(Value[].class, count);
            }
            if (first == 0) {
                handle = MethodHandles.dropArguments(handle, 0, Connection.class);
            }
            return handle.asType(TYPE);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Value getValue(SessionLocal session) {
        var values = new Value[arguments.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments[i].getValue(session);
        }
        Object result = call(values);
        if (result == null) {
            return ValueNull.INSTANCE;
        }
        return result instanceof Value value ? value : ValueVarchar.get((String) result, session);
    }

    private @Nullable Object call(Value... values) {
        try {
            return method.invokeExact(connection, values);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public TypeInfo getType() {
        return type;
    }

    @Override
    public boolean isEverything(ExpressionVisitor visitor) {
        throw new IllegalStateException("asked of an expression that is prepared already");
    }

    @Override
    public StringBuilder getUnenclosedSQL(StringBuilder builder, int sqlFlags) {
        throw new IllegalStateException("asked of an expression that is prepared already");
    }

    @Override
    public int getCost() {
        return 1;
    }
}
