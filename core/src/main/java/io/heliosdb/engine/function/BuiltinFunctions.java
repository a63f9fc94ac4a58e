package io.heliosdb.engine.function;

import io.heliosdb.engine.FunctionLibrary;
import io.heliosdb.engine.SqlFunction;
import io.heliosdb.pg.Oid;

import java.util.List;

/** All functions of this package, by their names in SQL. */
public final class BuiltinFunctions implements FunctionLibrary {
    /** For {@link java.util.ServiceLoader}. */
    public BuiltinFunctions() {}

    @Override
    public List<SqlFunction> functions() {
        return List.of(
                new SqlFunction("pg_notify", NotifyFunctions.class, "pgNotify", Oid.VOID),
                new SqlFunction("notify", NotifyFunctions.class, "pgNotify", Oid.VOID),
                new SqlFunction("pg_backend_pid", SessionFunctions.class, "backendPid", Oid.INT4),
                new SqlFunction("pg_sleep", SessionFunctions.class, "sleep", Oid.VOID));
    }
}
