package io.heliosdb.engine;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.h2.engine.Database;
import org.h2.engine.SessionLocal;
import org.h2.schema.Schema;
import org.h2.schema.Sequence;

import java.sql.Connection;

/**
 * The values of sequences, by the number of the sequence: they are given out outside of
 * transactions, and what a session got last is the session's.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-sequence.html">PostgreSQL: sequence
 *     manipulation functions</a>
 */
public final class SequenceValues {
    private SequenceValues() {}

    /**
     * Where a sequence stands.
     *
     * @param last the value that was given out last, or the first one to be
     * @param isCalled whether it was given out
     */
    public record Position(long last, boolean isCalled) {}

    /**
     * The store's own name of a sequence.
     *
     * @param connection the caller's
     * @param oid the sequence
     * @return without its schema
     * @throws PgException 42809 for what is no sequence
     */
    public static String name(Connection connection, int oid) {
        return require(FunctionValues.session(connection), oid).getName();
    }

    /**
     * Has a sequence go on elsewhere.
     *
     * @param connection the caller's
     * @param oid the sequence
     * @param value the value
     * @param isCalled whether it counts as given out, so that the next one is another
     * @throws PgException 22003 for a value beyond the sequence's bounds, 42809 for what is no
     *     sequence, 25006
     */
    public static void set(Connection connection, int oid, long value, boolean isCalled) {
        requireWritable(connection, "setval");
        SessionLocal local = FunctionValues.session(connection);
        Sequence sequence = require(local, oid);
        if (value < sequence.getMinValue() || value > sequence.getMaxValue()) {
            throw new PgException(
                    SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
                    "setval: value %d is out of bounds for sequence \"%s\" (%d..%d)"
                            .formatted(
                                    value,
                                    sequence.getName(),
                                    sequence.getMinValue(),
                                    sequence.getMaxValue()));
        }
        moveTo(sequence, value);
        if (isCalled) {
            local.getNextValueFor(sequence, null);
        }
    }

    /**
     * Where a sequence stands.
     *
     * @param connection the caller's
     * @param oid the sequence
     * @return its position
     * @throws PgException 42809 for what is no sequence
     */
    public static Position position(Connection connection, int oid) {
        Sequence sequence = require(FunctionValues.session(connection), oid);
        long next = sequence.getBaseValue();
        if (sequence.getCycle() == Sequence.Cycle.EXHAUSTED) {
            long end =
                    sequence.getIncrement() > 0 ? sequence.getMaxValue() : sequence.getMinValue();
            return new Position(end, true);
        }
        return next == sequence.getStartValue()
                ? new Position(next, false)
                : new Position(next - sequence.getIncrement(), true);
    }

    /** Has a sequence go on with a value, and says so in the store. */
    static void moveTo(Sequence sequence, long value) {
        // The store computes a size below zero for one that counts down over all numbers.
        Long cache = sequence.getCacheSize() < 0 ? (Long) 1L : null;
        sequence.modify(value, null, null, null, null, null, cache);
        sequence.flush(null);
    }

    /**
     * Refuses to move a sequence where nothing may be written.
     *
     * @param connection the caller's
     * @param function what was called
     * @throws PgException 25006
     */
    public static void requireWritable(Connection connection, String function) {
        if (EngineSession.of(connection).isReadOnly()) {
            throw new PgException(
                    SqlState.READ_ONLY_SQL_TRANSACTION,
                    "cannot execute " + function + "() in a read-only transaction");
        }
    }

    private static Sequence require(SessionLocal local, int oid) {
        Database database = local.getDatabase();
        for (Schema schema : database.getAllSchemas()) {
            for (Sequence sequence : schema.getAllSequences()) {
                if (Oids.of(sequence) == oid) {
                    return sequence;
                }
            }
        }
        throw new PgException(SqlState.WRONG_OBJECT_TYPE, oid + " is not a sequence");
    }
}
