package io.heliosdb.engine.function;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.FunctionLibrary;
import io.heliosdb.engine.FunctionValues;
import io.heliosdb.engine.ReplicationServices;
import io.heliosdb.engine.ReplicationServices.Reading;
import io.heliosdb.engine.ReplicationServices.SlotPosition;
import io.heliosdb.engine.SqlFunction;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.h2.tools.SimpleResultSet;
import org.h2.value.Value;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Types;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The functions of logical replication. Each that gives rows is there twice: with its columns, and,
 * for a place where a value is wanted, with one record a row.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-admin.html#FUNCTIONS-REPLICATION">
 *     PostgreSQL: replication management functions</a>
 */
public final class ReplicationFunctions implements FunctionLibrary {
    private static final String RECORDS = "helios_records_";

    private static final List<SqlFunction> ALL =
            List.of(
                    rows("pg_create_logical_replication_slot", "create"),
                    rows(RECORDS + "create_logical_replication_slot", "createRecord"),
                    rows("pg_replication_slot_advance", "advance"),
                    rows(RECORDS + "replication_slot_advance", "advanceRecord"),
                    rows("pg_logical_slot_get_changes", "get"),
                    rows(RECORDS + "logical_slot_get_changes", "getRecords"),
                    rows("pg_logical_slot_peek_changes", "peek"),
                    rows(RECORDS + "logical_slot_peek_changes", "peekRecords"),
                    rows("pg_logical_slot_get_binary_changes", "getBinary"),
                    rows(RECORDS + "logical_slot_get_binary_changes", "getBinaryRecords"),
                    rows("pg_logical_slot_peek_binary_changes", "peekBinary"),
                    rows(RECORDS + "logical_slot_peek_binary_changes", "peekBinaryRecords"),
                    new SqlFunction(
                            "pg_drop_replication_slot",
                            ReplicationFunctions.class,
                            "drop",
                            Oid.VOID,
                            List.of(Oid.TEXT)),
                    new SqlFunction(
                            "pg_logical_emit_message",
                            ReplicationFunctions.class,
                            "emit",
                            Oid.TEXT,
                            List.of(Oid.BOOL, Oid.TEXT)));

    /** For {@link java.util.ServiceLoader}. */
    public ReplicationFunctions() {}

    @Override
    public List<SqlFunction> functions() {
        return ALL;
    }

    private static SqlFunction rows(String name, String method) {
        return new SqlFunction(name, ReplicationFunctions.class, method, 0, List.of(Oid.TEXT));
    }

    /**
     * Makes a slot.
     *
     * @param connection the caller's
     * @param arguments name, plugin, temporary, twophase
     * @return its name and where it begins
     */
    public static ResultSet create(Connection connection, Value... arguments) {
        return positions(connection, false, "lsn", () -> created(connection, arguments));
    }

    /**
     * Makes a slot.
     *
     * @param connection the caller's
     * @param arguments as {@link #create}
     * @return a record
     */
    public static ResultSet createRecord(Connection connection, Value... arguments) {
        return positions(connection, true, "lsn", () -> created(connection, arguments));
    }

    /**
     * Moves a slot on.
     *
     * @param connection the caller's
     * @param arguments name and position
     * @return its name and where it is
     */
    public static ResultSet advance(Connection connection, Value... arguments) {
        return positions(connection, false, "end_lsn", () -> advanced(connection, arguments));
    }

    /**
     * Moves a slot on.
     *
     * @param connection the caller's
     * @param arguments name and position
     * @return a record
     */
    public static ResultSet advanceRecord(Connection connection, Value... arguments) {
        return positions(connection, true, "end_lsn", () -> advanced(connection, arguments));
    }

    /**
     * Reads changes for good.
     *
     * @param connection the caller's
     * @param arguments slot, position, number of changes, options
     * @return a row each
     */
    public static ResultSet get(Connection connection, Value... arguments) {
        return changes(connection, false, true, false, arguments);
    }

    /**
     * Reads changes for good.
     *
     * @param connection the caller's
     * @param arguments as {@link #get}
     * @return a record each
     */
    public static ResultSet getRecords(Connection connection, Value... arguments) {
        return changes(connection, true, true, false, arguments);
    }

    /**
     * Looks at changes.
     *
     * @param connection the caller's
     * @param arguments as {@link #get}
     * @return a row each
     */
    public static ResultSet peek(Connection connection, Value... arguments) {
        return changes(connection, false, false, false, arguments);
    }

    /**
     * Looks at changes.
     *
     * @param connection the caller's
     * @param arguments as {@link #get}
     * @return a record each
     */
    public static ResultSet peekRecords(Connection connection, Value... arguments) {
        return changes(connection, true, false, false, arguments);
    }

    /**
     * Reads changes as bytes, for good.
     *
     * @param connection the caller's
     * @param arguments as {@link #get}
     * @return a row each
     */
    public static ResultSet getBinary(Connection connection, Value... arguments) {
        return changes(connection, false, true, true, arguments);
    }

    /**
     * Reads changes as bytes, for good.
     *
     * @param connection the caller's
     * @param arguments as {@link #get}
     * @return a record each
     */
    public static ResultSet getBinaryRecords(Connection connection, Value... arguments) {
        return changes(connection, true, true, true, arguments);
    }

    /**
     * Looks at changes as bytes.
     *
     * @param connection the caller's
     * @param arguments as {@link #get}
     * @return a row each
     */
    public static ResultSet peekBinary(Connection connection, Value... arguments) {
        return changes(connection, false, false, true, arguments);
    }

    /**
     * Looks at changes as bytes.
     *
     * @param connection the caller's
     * @param arguments as {@link #get}
     * @return a record each
     */
    public static ResultSet peekBinaryRecords(Connection connection, Value... arguments) {
        return changes(connection, true, false, true, arguments);
    }

    /**
     * Drops a slot.
     *
     * @param connection the caller's
     * @param name its name
     * @return void; null for null
     */
    public static @Nullable String drop(Connection connection, @Nullable String name) {
        if (name == null) {
            return null;
        }
        services(connection).dropSlot(name);
        return "";
    }

    /**
     * Writes a message into the log.
     *
     * @param connection the caller's
     * @param isTransactional whether with the transaction
     * @param prefix who it is for
     * @param content text or bytes
     * @return where it is; null for null
     */
    public static @Nullable String emit(
            Connection connection,
            @Nullable Boolean isTransactional,
            @Nullable String prefix,
            Value content) {
        if (isTransactional == null || prefix == null || content.getValueType() == Value.NULL) {
            return null;
        }
        boolean isBytes = FunctionValues.oid(content) == Oid.BYTEA;
        byte[] bytes =
                isBytes ? content.getBytes() : String.valueOf(content.getString()).getBytes(UTF_8);
        var session = EngineSession.of(connection);
        return session.nested(() ->
                        session.services()
                                .replication()
                                .emitMessage(isTransactional, prefix, bytes))
                .toString();
    }

    private static SlotPosition created(Connection connection, Value... arguments) {
        if (arguments.length < 2 || arguments.length > 4) {
            throw FunctionValues.undefinedFunction("pg_create_logical_replication_slot", arguments);
        }
        boolean isTemporary = arguments.length > 2 && arguments[2].isTrue();
        if (arguments.length > 3 && arguments[3].isTrue()) {
            throw new PgException(
                    SqlState.FEATURE_NOT_SUPPORTED, "two-phase decoding is not supported");
        }
        return services(connection).createSlot(text(arguments[0]), text(arguments[1]), isTemporary);
    }

    private static SlotPosition advanced(Connection connection, Value... arguments) {
        if (arguments.length != 2) {
            throw FunctionValues.undefinedFunction("pg_replication_slot_advance", arguments);
        }
        return services(connection).advanceSlot(text(arguments[0]), Lsn.parse(text(arguments[1])));
    }

    private static ResultSet positions(
            Connection connection, boolean asRecord, String column, Supplier<SlotPosition> work) {
        var rows = new SimpleResultSet();
        if (asRecord) {
            rows.addColumn("record", Types.VARCHAR, Integer.MAX_VALUE, 0);
        } else {
            rows.addColumn("slot_name", Types.VARCHAR, Integer.MAX_VALUE, 0);
            rows.addColumn(column, Types.VARCHAR, Integer.MAX_VALUE, 0);
        }
        var session = EngineSession.of(connection);
        if (!session.isParsing()) {
            var position = session.nested(work);
            if (asRecord) {
                rows.addRow("(" + position.name() + ',' + position.lsn() + ')');
            } else {
                rows.addRow(position.name(), position.lsn().toString());
            }
        }
        return rows;
    }

    private static ResultSet changes(
            Connection connection,
            boolean asRecords,
            boolean consumes,
            boolean isBinary,
            Value... arguments) {
        var rows = new SimpleResultSet();
        if (asRecords) {
            rows.addColumn("record", Types.VARCHAR, Integer.MAX_VALUE, 0);
        } else {
            rows.addColumn("lsn", Types.VARCHAR, Integer.MAX_VALUE, 0);
            rows.addColumn("xid", Types.BIGINT, 0, 0);
            rows.addColumn("data", isBinary ? Types.VARBINARY : Types.VARCHAR, 0, 0);
        }
        var session = EngineSession.of(connection);
        if (session.isParsing()) {
            return rows;
        }
        var reading = reading(consumes, isBinary, arguments);
        for (var change : session.nested(() -> services(connection).changes(reading))) {
            if (asRecords) {
                rows.addRow(record(change));
            } else {
                rows.addRow(change);
            }
        }
        return rows;
    }

    private static String record(@Nullable Object[] change) {
        String data =
                change[2] instanceof byte[] bytes
                        ? "\\x" + HexFormat.of().formatHex(bytes)
                        : String.valueOf(change[2]);
        String quoted = data.replace("\\", "\\\\").replace("\"", "\"\"");
        return "(" + change[0] + ',' + change[1] + ",\"" + quoted + "\")";
    }

    private static Reading reading(boolean consumes, boolean isBinary, Value... arguments) {
        if (arguments.length < 3) {
            throw FunctionValues.undefinedFunction("pg_logical_slot_get_changes", arguments);
        }
        boolean hasPosition = arguments[1].getValueType() != Value.NULL;
        boolean hasCount = arguments[2].getValueType() != Value.NULL;
        return new Reading(
                text(arguments[0]),
                hasPosition ? Optional.of(Lsn.parse(text(arguments[1]))) : Optional.empty(),
                hasCount ? Optional.of(arguments[2].getInt()) : Optional.empty(),
                options(arguments),
                consumes,
                isBinary);
    }

    private static Map<String, String> options(Value... arguments) {
        if (arguments.length % 2 == 0) {
            throw new PgException(
                    SqlState.INVALID_PARAMETER_VALUE, "array must have even number of elements");
        }
        var options = new LinkedHashMap<String, String>();
        for (int i = 3; i < arguments.length; i += 2) {
            options.put(text(arguments[i]), text(arguments[i + 1]));
        }
        return options;
    }

    private static String text(Value value) {
        if (value.getValueType() == Value.NULL) {
            throw new PgException(
                    SqlState.NULL_VALUE_NOT_ALLOWED, "a slot's function does not take null");
        }
        return String.valueOf(value.getString());
    }

    private static ReplicationServices services(Connection connection) {
        return EngineSession.of(connection).services().replication();
    }
}
