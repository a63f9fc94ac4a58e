package io.heliosdb.engine;

import io.heliosdb.pg.PgException;

import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.value.Value;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;

/** What functions written in Java need to work with the store's values. */
public final class FunctionValues {
    private FunctionValues() {}

    /**
     * The store's session that calls a function.
     *
     * @param connection the function's first argument
     * @return the session
     */
    public static SessionLocal session(Connection connection) {
        return (SessionLocal) ((JdbcConnection) connection).getSession();
    }

    /**
     * A value as {@code pg.type} represents it.
     *
     * @param value the value
     * @param connection the caller's
     * @return null for NULL
     */
    public static @Nullable Object toJava(Value value, Connection connection) {
        return Values.toJava(value, session(connection));
    }

    /**
     * The type of a value.
     *
     * @param value the value
     * @return its oid
     */
    public static int oid(Value value) {
        return Types.computedOid(value.getType());
    }

    /**
     * A JSON value that keeps its text.
     *
     * @param text the text, which is not checked
     * @return the value
     */
    public static Value json(String text) {
        return Values.uncheckedJson(text);
    }

    /**
     * A JSON value that keeps its text.
     *
     * @param text the text
     * @return the value
     * @throws PgException 22P02 for what is not JSON
     */
    public static Value checkedJson(String text) {
        return Values.json(text);
    }

    /**
     * The error for a call with arguments that no function of that name takes.
     *
     * @param name the function's name
     * @param arguments the arguments
     * @return 42883 in PostgreSQL's words
     */
    public static PgException undefinedFunction(String name, Value... arguments) {
        List<String> types = new ArrayList<>();
        for (Value argument : arguments) {
            int kind = argument.getValueType();
            types.add(
                    kind == Value.VARCHAR || kind == Value.CHAR
                            ? "unknown"
                            : Types.name(argument.getType()));
        }
        return SyntaxErrors.undefinedFunction(name, String.join(", ", types));
    }
}
