package io.heliosdb.pg.type;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

/** The errors of reading a value, in PostgreSQL's words. */
final class Refusal {
    private Refusal() {}

    static PgException syntax(String typeName, String text) {
        return new PgException(
                SqlState.INVALID_TEXT_REPRESENTATION,
                "invalid input syntax for type " + typeName + ": \"" + text + '"');
    }

    static PgException outOfRange(String typeName, String text) {
        return new PgException(
                SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
                "value \"" + text + "\" is out of range for type " + typeName);
    }

    static PgException typeOutOfRange(String typeName) {
        return new PgException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, typeName + " out of range");
    }

    static PgException binary(String message) {
        return new PgException(SqlState.INVALID_BINARY_REPRESENTATION, message);
    }

    static PgException truncated() {
        return new PgException(SqlState.PROTOCOL_VIOLATION, "insufficient data left in message");
    }

    /** The same error with what led to it. */
    static PgException because(PgException refusal, Throwable cause) {
        return new PgException(refusal.report(), cause);
    }

    /** A Java value of a class that no column of this type ever holds: a fault of ours. */
    static IllegalArgumentException javaClass(String typeName, Object value) {
        return new IllegalArgumentException(
                "a " + value.getClass().getName() + " is no " + typeName);
    }
}
