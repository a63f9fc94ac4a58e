package io.heliosdb.trigger.plpgsql;

import io.heliosdb.engine.ColumnInfo;
import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.TableInfo;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.sql.BodyNames.Conflict;
import io.heliosdb.sql.BoundSql;
import io.heliosdb.sql.SqlType;
import io.heliosdb.sql.TableName;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A body in one session, for one version of the schema and, for a trigger function, one trigger:
 * the types of its variables and what its pieces of SQL are prepared to. Confined to the session's
 * thread.
 */
final class CompiledBody implements AutoCloseable {
    private final PlpgsqlBody body;
    private final long schemaVersion;
    private final EngineSession engine;
    private final PlpgsqlHost host;
    private final @Nullable SqlType[] types;
    private final @Nullable RowShape[] shapes;
    private final @Nullable Piece[] pieces;
    private final @Nullable Direct[] directs;
    private final @Nullable RowShape tableShape;
    private final String callName;
    private final Map<String, @Nullable Object[]> factsByOperation = new HashMap<>();

    /** How many calls of it run now; it is not closed while there are any. */
    int running;

    CompiledBody(
            PlpgsqlBody body,
            @Nullable TriggerContext trigger,
            EngineSession engine,
            PlpgsqlHost host) {
        this.body = body;
        this.engine = engine;
        this.host = host;
        schemaVersion = engine.schemaVersion();
        var variables = body.code().variables();
        types = new @Nullable SqlType[variables.size()];
        shapes = new @Nullable RowShape[variables.size()];
        pieces = new @Nullable Piece[body.code().sqlCount()];
        directs = new @Nullable Direct[pieces.length];
        for (var variable : variables) {
            resolve(variable);
        }
        tableShape = trigger == null ? null : RowShape.of(trigger.table());
        var rows = body.code().trigger();
        if (trigger != null && rows != null) {
            shapes[rows.newRow().slot()] = tableShape;
            shapes[rows.oldRow().slot()] = tableShape;
        }
        callName = callName(body.signature());
    }

    private static String callName(Signature signature) {
        if (signature.name().equals("inline_code_block")) {
            return signature.name();
        }
        return signature.name()
                + signature.inputs().stream()
                        .map(parameter -> typeName(parameter.type()))
                        .collect(Collectors.joining(",", "(", ")"));
    }

    private static String typeName(BodyType type) {
        return switch (type) {
            case BodyType.Scalar(var scalar) ->
                    scalar.oid() == 0 || scalar.name().equals("refcursor")
                            ? scalar.name()
                            : PgType.of(scalar.oid()).displayName();
            case BodyType.RowOf(var table) -> table.name();
            case BodyType.AnyRow() -> "record";
            case BodyType.ColumnOf(var table, var column) -> table + "." + column;
        };
    }

    private void resolve(Variable variable) {
        switch (variable.type()) {
            case BodyType.Scalar(var type) -> types[variable.slot()] = type;
            case BodyType.RowOf(var table) ->
                    shapes[variable.slot()] = RowShape.of(requireTable(table));
            case BodyType.AnyRow() -> {}
            case BodyType.ColumnOf(var table, var column) ->
                    types[variable.slot()] = RowShape.type(requireColumn(table, column));
        }
    }

    private TableInfo requireTable(TableName name) {
        return host.table(name)
                .orElseThrow(() ->
                        new PgException(
                                SqlState.UNDEFINED_OBJECT, "type \"" + name + "\" does not exist"));
    }

    private ColumnInfo requireColumn(TableName name, String column) {
        var table =
                host.table(name)
                        .orElseThrow(() ->
                                new PgException(
                                        SqlState.UNDEFINED_TABLE,
                                        "relation \"" + name + "\" does not exist"));
        return table.column(column)
                .orElseThrow(() ->
                        new PgException(
                                SqlState.UNDEFINED_COLUMN,
                                "column \"%s\" of relation \"%s\" does not exist"
                                        .formatted(column, name)));
    }

    PlpgsqlBody body() {
        return body;
    }

    PlpgsqlBody.Code code() {
        return body.code();
    }

    long schemaVersion() {
        return schemaVersion;
    }

    int size() {
        return types.length;
    }

    Conflict conflict() {
        return body.code().conflict();
    }

    String callName() {
        return callName;
    }

    /** The type of a variable that is no row. */
    SqlType type(Variable variable) {
        var type = types[variable.slot()];
        if (type == null) {
            throw new IllegalStateException("a row: " + variable.name());
        }
        return type;
    }

    /** The columns of the trigger's table; null where it is no trigger function. */
    @Nullable RowShape tableShape() {
        return tableShape;
    }

    /** The columns that a row variable always has; null for {@code record}. */
    @Nullable RowShape shape(Variable variable) {
        return shapes[variable.slot()];
    }

    /** The columns of a row type of the signature; null for {@code record}. */
    @Nullable RowShape shape(BodyType type) {
        return type instanceof BodyType.RowOf(var table) ? RowShape.of(requireTable(table)) : null;
    }

    /** The values of the variables TG_OP and so on, in the order of their slots. */
    @Nullable Object[] facts(TriggerContext trigger, String operation) {
        var known = factsByOperation.get(operation);
        if (known == null) {
            known =
                    TriggerFacts.NAMES.stream()
                            .map(name -> TriggerFacts.value(name, trigger, operation))
                            .toArray();
            factsByOperation.put(operation, known);
        }
        return known;
    }

    /** The variable, or field of one, that an expression consists of; null for any other. */
    @Nullable Direct direct(Sql sql) {
        var known = directs[sql.index()];
        if (known == null) {
            known = findDirect(sql);
            directs[sql.index()] = known;
        }
        return known.variable() == null ? null : known;
    }

    /** A variable and, where it is a row of which one column is meant, the column. */
    record Direct(@Nullable Variable variable, @Nullable String field, int oid) {
        static final Direct NONE = new Direct(null, null, 0);
    }

    private Direct findDirect(Sql sql) {
        var path = sql.isExpression() ? sql.sql().onlyName().orElse(null) : null;
        var found = path == null ? null : sql.scope().find(path);
        if (path == null || found == null || path.size() > found.used() + 1) {
            return Direct.NONE;
        }
        var variable = found.variable();
        boolean isField = path.size() > found.used();
        if (!variable.isRow()) {
            return isField ? Direct.NONE : new Direct(variable, null, type(variable).oid());
        }
        return new Direct(variable, isField ? path.getLast() : null, Oid.RECORD);
    }

    /** A piece of SQL, prepared for the columns that the frame's records have now. */
    Piece piece(Sql sql, Frame frame) {
        var piece = pieces[sql.index()];
        if (piece != null && piece.fits(frame)) {
            return piece;
        }
        var names = new FrameNames(frame, sql.scope());
        var fresh = prepare(sql.sql().bind(names, host.schema()), names);
        if (piece != null) {
            piece.close();
        }
        pieces[sql.index()] = fresh;
        return fresh;
    }

    private Piece prepare(BoundSql bound, FrameNames names) {
        try {
            return new Piece(engine, bound, names.seen());
        } catch (PgException e) {
            boolean isInText = e.sqlState().code().startsWith("42") && e.report().where() == null;
            throw isInText ? e.withPosition(1) : e; // PostgreSQL knows the place of all of these.
        }
    }

    @Override
    public void close() {
        for (var piece : pieces) {
            if (piece != null) {
                piece.close();
            }
        }
    }
}
