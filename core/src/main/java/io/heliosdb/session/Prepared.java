package io.heliosdb.session;

import io.heliosdb.engine.EnginePlan;
import io.heliosdb.pg.Column;
import io.heliosdb.sql.Rewritten;
import io.heliosdb.sql.Statement;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/**
 * A parsed statement: a command of ours, or one the engine runs, with its plan. Confined to the
 * session.
 */
final class Prepared implements PreparedStatement {
    /** What the engine runs, as of one version of the schema and one search path. */
    record Compiled(Rewritten rewritten, EnginePlan plan, long schemaVersion, String searchPath) {}

    private final Statement statement;
    private final int[] givenOids;
    private final int[] parameterOids;
    private final @Nullable List<Column> columns;
    private final @Nullable Prepared inner;
    private @Nullable Compiled compiled;

    Prepared(
            Statement statement,
            int[] givenOids,
            int[] parameterOids,
            @Nullable List<Column> columns,
            @Nullable Compiled compiled) {
        this(statement, givenOids, parameterOids, columns, compiled, null);
    }

    /** A command around another statement, whose parameters are its own. */
    static Prepared around(Statement command, Prepared inner, @Nullable List<Column> columns) {
        return new Prepared(command, inner.givenOids, inner.parameterOids, columns, null, inner);
    }

    private Prepared(
            Statement statement,
            int[] givenOids,
            int[] parameterOids,
            @Nullable List<Column> columns,
            @Nullable Compiled compiled,
            @Nullable Prepared inner) {
        this.statement = statement;
        this.givenOids = givenOids;
        this.parameterOids = parameterOids;
        this.columns = columns;
        this.compiled = compiled;
        this.inner = inner;
    }

    Statement statement() {
        return statement;
    }

    /** The types that the client named. */
    int[] givenOids() {
        return givenOids;
    }

    @Nullable Compiled compiled() {
        return compiled;
    }

    Compiled requireCompiled() {
        return Objects.requireNonNull(compiled, "a statement of the engine is compiled");
    }

    /** The statement inside a command, such as the query of DECLARE. */
    Prepared requireInner() {
        return Objects.requireNonNull(inner, "a command around a statement holds it");
    }

    List<Column> requireColumns() {
        return Objects.requireNonNull(columns, "a statement that returns rows has columns");
    }

    void recompiled(Compiled anew) {
        compiled = anew;
    }

    @Override
    public int[] parameterOids() {
        return parameterOids.clone();
    }

    int parameterCount() {
        return parameterOids.length;
    }

    @Override
    public @Nullable List<Column> columns() {
        return columns;
    }
}
