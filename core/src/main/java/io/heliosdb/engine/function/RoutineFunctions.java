package io.heliosdb.engine.function;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.FunctionValues;
import io.heliosdb.pg.Column;

import org.h2.result.ResultInterface;
import org.h2.value.Value;
import org.h2.value.ValueArray;
import org.h2.value.ValueNull;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;

/**
 * The way from a statement to the routines that users have created. The store keeps nothing of
 * them: a rewritten call holds the routine's number, and the session knows the rest.
 */
public final class RoutineFunctions {
    private RoutineFunctions() {}

    /**
     * Calls a function for one value. While a statement is only prepared there is no call.
     *
     * @param connection the caller's
     * @param spec which function
     * @param arguments its arguments
     * @return its value
     */
    public static Value call(Connection connection, String spec, Value... arguments) {
        var session = EngineSession.of(connection);
        if (session.isParsing()) {
            return ValueNull.INSTANCE;
        }
        var result =
                session.nested(() ->
                        session.services()
                                .call(spec, values(connection, arguments), oids(arguments)));
        return FunctionValues.value(result.value(), result.oid(), connection);
    }

    /**
     * Calls a function for its rows.
     *
     * @param connection the caller's
     * @param names the names of the columns
     * @param types their types
     * @param spec which function
     * @param arguments its arguments
     * @return its rows; none while a statement is only prepared
     */
    public static ResultInterface rows(
            Connection connection, Value names, Value types, String spec, Value... arguments) {
        var session = EngineSession.of(connection);
        var columns = columns(names, types);
        List<@Nullable Object[]> rows =
                session.isParsing()
                        ? List.of()
                        : session.nested(() ->
                                session.services()
                                        .rows(
                                                spec,
                                                columns,
                                                values(connection, arguments),
                                                oids(arguments)));
        return FunctionValues.rows(columns, rows, connection);
    }

    private static List<Column> columns(Value names, Value types) {
        var columns = new ArrayList<Column>();
        Value[] nameList = ((ValueArray) names).getList();
        Value[] typeList = ((ValueArray) types).getList();
        for (int i = 0; i < nameList.length; i++) {
            String name = nameList[i].getString();
            columns.add(new Column(name == null ? "" : name, typeList[i].getInt()));
        }
        return List.copyOf(columns);
    }

    private static @Nullable Object[] values(Connection connection, Value... arguments) {
        var values = new @Nullable Object[arguments.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = FunctionValues.toJava(arguments[i], connection);
        }
        return values;
    }

    private static int[] oids(Value... arguments) {
        var oids = new int[arguments.length];
        for (int i = 0; i < oids.length; i++) {
            oids[i] = FunctionValues.oid(arguments[i]);
        }
        return oids;
    }
}
