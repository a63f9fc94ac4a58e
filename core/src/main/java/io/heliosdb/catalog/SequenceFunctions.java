package io.heliosdb.catalog;

import io.heliosdb.engine.FunctionLibrary;
import io.heliosdb.engine.SequenceValues;
import io.heliosdb.engine.SqlFunction;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.util.List;

/**
 * Values of sequences that are named as a regclass, also those of serial columns.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-sequence.html">PostgreSQL: sequence
 *     manipulation functions</a>
 */
public final class SequenceFunctions implements FunctionLibrary {
    /** For {@link java.util.ServiceLoader}. */
    public SequenceFunctions() {}

    @Override
    public List<SqlFunction> functions() {
        return List.of(
                function("helios_sequence_schema", "schema", Oid.TEXT),
                function("helios_sequence_to_move", "schemaToMove", Oid.TEXT),
                function("helios_sequence_name", "name", Oid.TEXT),
                function("setval", "set", Oid.INT8),
                function("helios_sequence_last", "last", Oid.INT8),
                function("helios_sequence_called", "isCalled", Oid.BOOL));
    }

    private static SqlFunction function(String name, String method, int result) {
        return new SqlFunction(
                name, SequenceFunctions.class, method, result, List.of(Oid.TEXT, Oid.INT8));
    }

    private static int require(Connection connection, String name) {
        Long oid = NameFunctions.regclass(connection, name);
        int number = oid == null ? 0 : oid.intValue();
        var model = Caller.context(connection).model();
        if (model.sequence(number) == null) {
            var other = model.named(number);
            throw new PgException(
                    SqlState.WRONG_OBJECT_TYPE,
                    '"' + (other == null ? name : other.name()) + "\" is not a sequence");
        }
        return number;
    }

    /**
     * The schema of a sequence.
     *
     * @param connection the caller's
     * @param name the sequence's name, or its number
     * @return null for null
     * @throws PgException 42P01, 42809
     */
    public static @Nullable String schema(Connection connection, @Nullable String name) {
        if (name == null) {
            return null;
        }
        var sequence = Caller.context(connection).model().sequence(require(connection, name));
        assert sequence != null : "it was found";
        return sequence.schema();
    }

    /**
     * The schema of a sequence that is to give out a value.
     *
     * @param connection the caller's
     * @param name the sequence's name, or its number
     * @return null for null
     * @throws PgException 42P01, 42809, 25006
     */
    public static @Nullable String schemaToMove(Connection connection, @Nullable String name) {
        SequenceValues.requireWritable(connection, "nextval");
        return schema(connection, name);
    }

    /**
     * The store's own name of a sequence.
     *
     * @param connection the caller's
     * @param name its name, or its number
     * @return null for null
     * @throws PgException 42P01, 42809
     */
    public static @Nullable String name(Connection connection, @Nullable String name) {
        return name == null ? null : SequenceValues.name(connection, require(connection, name));
    }

    /**
     * Has a sequence go on behind a value.
     *
     * @param connection the caller's
     * @param name its name, or its number
     * @param value the value that counts as given out
     * @return the value
     * @throws PgException 42P01, 42809, 22003, 25006
     */
    public static @Nullable Long set(
            Connection connection, @Nullable String name, @Nullable Long value) {
        return set(connection, name, value, true);
    }

    /**
     * Has a sequence go on behind a value, or with it.
     *
     * @param connection the caller's
     * @param name its name, or its number
     * @param value the value
     * @param isCalled whether it counts as given out
     * @return the value; null where any argument is
     * @throws PgException 42P01, 42809, 22003, 25006
     */
    public static @Nullable Long set(
            Connection connection,
            @Nullable String name,
            @Nullable Long value,
            @Nullable Boolean isCalled) {
        if (name == null || value == null || isCalled == null) {
            return null;
        }
        SequenceValues.set(connection, require(connection, name), value, isCalled);
        return value;
    }

    /**
     * The value that a sequence gave out last, or the first one it will.
     *
     * @param connection the caller's
     * @param name its name
     * @return the column {@code last_value} of the sequence
     */
    public static long last(Connection connection, String name) {
        return SequenceValues.position(connection, require(connection, name)).last();
    }

    /**
     * Whether the value that a sequence shows was given out.
     *
     * @param connection the caller's
     * @param name its name
     * @return the column {@code is_called} of the sequence
     */
    public static boolean isCalled(Connection connection, String name) {
        return SequenceValues.position(connection, require(connection, name)).isCalled();
    }
}
