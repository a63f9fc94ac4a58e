package io.heliosdb.engine;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.h2.engine.SessionLocal;
import org.h2.message.DbException;
import org.jspecify.annotations.Nullable;

/** Puts the store's errors into PostgreSQL's codes and words. */
final class ErrorMap {
    private ErrorMap() {}

    static PgException translate(DbException e, String sql, @Nullable SessionLocal session) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof PgException ours) {
                return ours;
            }
        }
        return new PgException(SqlState.INTERNAL_ERROR, plainMessage(e));
    }

    static RuntimeException unexpected(RuntimeException e) {
        return e;
    }

    static PgException storeFailure(Exception e) {
        var error =
                new PgException(
                        SqlState.IO_ERROR, "could not write the database: " + e.getMessage());
        error.initCause(e);
        return error;
    }

    static String plainMessage(DbException e) {
        return String.valueOf(e.getSQLException().getMessage());
    }
}
