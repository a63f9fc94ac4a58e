package io.heliosdb.trigger.plpgsql;

import io.heliosdb.engine.EngineResult;
import io.heliosdb.engine.EngineSession;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.BodyNames;
import io.heliosdb.sql.EmbeddedSql;
import io.heliosdb.sql.SqlType;
import io.heliosdb.trigger.plpgsql.Instruction.Query;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Runs the SQL of bodies: expressions, queries and changes, written or put together at run time.
 * Confined to the session's thread.
 */
final class SqlRunner implements AutoCloseable {
    /** How often an upsert that lost a race is run again before its error is reported. */
    private static final int UPSERT_TRIES = 100;

    /** How many statements of EXECUTE stay prepared. */
    private static final int DYNAMIC_MAX = 64;

    private static final @Nullable Object[] NONE = {};

    private final EngineSession engine;
    private final PlpgsqlHost host;
    private final LinkedHashMap<DynamicKey, Piece> dynamic = new LinkedHashMap<>(16, 0.75f, true);
    private long dynamicVersion;

    /** The type of the value that was computed last. */
    int oid;

    private record DynamicKey(String text, List<Integer> oids) {}

    /** What a statement did: rows read, as far as they were wanted, or changed. */
    record Outcome(
            @Nullable RowShape shape, List<@Nullable Object[]> rows, long count, boolean isWrite) {}

    SqlRunner(EngineSession engine, PlpgsqlHost host) {
        this.engine = engine;
        this.host = host;
    }

    // ---- expressions

    /** The value of an expression; its type is left in {@link #oid}. */
    @Nullable Object value(Sql sql, Frame frame) {
        var constant = sql.constant();
        if (constant != null) {
            oid = constant.oid();
            return constant.value();
        }
        var direct = frame.body.direct(sql);
        if (direct == null && isCoalesceOfRows(sql)) {
            oid = Oid.RECORD;
            return firstRow(sql, frame);
        }
        if (direct == null) {
            return sql.row() == null ? computed(sql, frame) : row(sql.row(), frame);
        }
        try {
            return direct(direct, frame);
        } catch (PgException e) {
            throw inExpression(e, sql, frame);
        }
    }

    /** The row that a row constructor makes; its columns have PostgreSQL's names. */
    private RowValue row(Sql columns, Frame frame) {
        var outcome = run(columns, frame, 1);
        var shape = outcome.shape();
        if (shape == null) {
            throw new IllegalStateException("a row constructor without columns");
        }
        var names = new ArrayList<String>();
        for (int i = 1; i <= shape.size(); i++) {
            names.add("f" + i);
        }
        oid = Oid.RECORD;
        return RowValue.of(new RowShape(names, shape.types()), outcome.rows().getFirst());
    }

    private static PgException inExpression(PgException e, Sql sql, Frame frame) {
        return frame.at instanceof Instruction.Assign assign
                        && assign.value().index() == sql.index()
                ? inSql(e, "PL/pgSQL assignment", assign.text())
                : inSql(e, "SQL expression", sql.text());
    }

    private static final Pattern COALESCE =
            Pattern.compile(
                    "\\s*coalesce\\s*\\(\\s*(\\w+)\\s*,\\s*(\\w+)\\s*\\)\\s*",
                    Pattern.CASE_INSENSITIVE);

    /** {@code coalesce(new, old)}: rows are never values of the engine. */
    private static boolean isCoalesceOfRows(Sql sql) {
        if (!sql.text().stripLeading().regionMatches(true, 0, "coalesce", 0, 8)) {
            return false;
        }
        var names = COALESCE.matcher(sql.text());
        return names.matches() && isRow(sql, names.group(1)) && isRow(sql, names.group(2));
    }

    private static boolean isRow(Sql sql, String name) {
        var found = sql.scope().find(List.of(name.toLowerCase(Locale.ROOT)));
        return found != null && found.variable().isRow();
    }

    private static @Nullable Object firstRow(Sql sql, Frame frame) {
        var names = COALESCE.matcher(sql.text());
        for (int i = 1; names.matches() && i <= 2; i++) {
            var found = sql.scope().find(List.of(names.group(i).toLowerCase(Locale.ROOT)));
            if (found != null
                    && frame.slots[found.variable().slot()] instanceof RowValue row
                    && !row.isNull) {
                return row;
            }
        }
        return null;
    }

    private @Nullable Object direct(CompiledBody.Direct direct, Frame frame) {
        var variable = direct.variable();
        if (variable == null) {
            throw new IllegalStateException("no variable");
        }
        oid = direct.oid();
        Object value = frame.slots[variable.slot()];
        if (direct.field() == null) {
            return value instanceof RowValue row && row.isNull ? null : value;
        }
        var shape = frame.shape(variable);
        if (shape == null) {
            throw FrameNames.unassigned(variable);
        }
        int column = frame.requireColumn(variable, shape, direct.field());
        oid = shape.types().get(column).oid();
        return value instanceof RowValue row ? row.values[column] : null;
    }

    private @Nullable Object computed(Sql sql, Frame frame) {
        Piece piece;
        try {
            piece = frame.body.piece(sql, frame);
        } catch (PgException e) {
            throw inExpression(e, sql, frame);
        }
        if (piece.columns().size() != 1) {
            throw new PgException(
                            SqlState.SYNTAX_ERROR,
                            "query returned " + piece.columns().size() + " columns")
                    .withWhere("query: " + queryText(sql, frame));
        }
        var plan = piece.borrow();
        try {
            var expression = plan.expression();
            Object value =
                    expression != null
                            ? expression.value(piece.values(frame))
                            : single(plan, piece.values(frame), sql, frame);
            oid = piece.columns().getFirst().typeOid();
            return value;
        } finally {
            piece.giveBack(plan);
        }
    }

    private static @Nullable Object single(
            Piece.Plan plan, @Nullable Object[] values, Sql sql, Frame frame) {
        EngineResult result;
        try {
            result = plan.statement().execute(values);
        } catch (PgException e) {
            throw inExpression(e, sql, frame);
        }
        try (result) {
            if (!result.next()) {
                return null;
            }
            Object value = result.value(0);
            if (result.next()) {
                throw new PgException(new SqlState("21000"), "query returned more than one row")
                        .withWhere("query: " + queryText(sql, frame));
            }
            return value;
        }
    }

    private static String queryText(Sql sql, Frame frame) {
        return frame.at instanceof Instruction.Assign assign
                        && assign.value().index() == sql.index()
                ? assign.text()
                : sql.text();
    }

    /** Whether a condition holds; NULL is no. */
    boolean isTrue(Sql condition, Frame frame) {
        return Boolean.TRUE.equals(bool(condition, frame));
    }

    @Nullable Boolean bool(Sql condition, Frame frame) {
        Object value = value(condition, frame);
        return value instanceof Boolean bool
                ? bool
                : (Boolean) Conversion.to(SqlType.BOOL, value, oid, host.textStyle());
    }

    // ---- statements

    /** Runs a statement of the body; reads at most some of its rows. */
    Outcome run(Sql sql, Frame frame, int rowsMax) {
        if (!sql.sql().isBindable()) {
            return new Outcome(null, List.of(), own(sql.sql()), true);
        }
        frame.running = sql;
        try {
            var piece = frame.body.piece(sql, frame);
            return run(piece, piece.values(frame), rowsMax);
        } catch (PgException e) {
            throw inSql(e, "SQL statement", sql.text());
        } finally {
            frame.running = null;
        }
    }

    private long own(EmbeddedSql sql) {
        try {
            return host.run(sql.statement());
        } catch (PgException e) {
            throw inSql(e, "SQL statement", sql.text());
        }
    }

    private Outcome run(Piece piece, @Nullable Object[] values, int rowsMax) {
        var plan = piece.borrow();
        try {
            var expression = plan.expression();
            if (expression != null) {
                var row = expression.evaluate(values);
                return new Outcome(
                        rowsMax == 0 ? null : RowShape.of(piece.columns()),
                        List.<@Nullable Object[]>of(row),
                        1,
                        false);
            }
            try (var result = execute(plan, piece.sql().retryOnUnique(), values)) {
                return piece.sql().returnsRows()
                        ? read(piece, result, rowsMax)
                        : new Outcome(null, List.of(), result.updateCount(), true);
            }
        } finally {
            piece.giveBack(plan);
        }
    }

    private static Outcome read(Piece piece, EngineResult result, int rowsMax) {
        int width = piece.columns().size();
        var rows = new ArrayList<@Nullable Object[]>();
        while (rows.size() < rowsMax && result.next()) {
            rows.add(row(result, width));
        }
        return new Outcome(
                RowShape.of(piece.columns()), rows, result.rowCount(), piece.sql().isWrite());
    }

    private static @Nullable Object[] row(EngineResult result, int width) {
        var row = new @Nullable Object[width];
        for (int i = 0; i < width; i++) {
            row[i] = result.value(i);
        }
        return row;
    }

    private EngineResult execute(Piece.Plan plan, boolean retries, @Nullable Object[] values) {
        for (int tries = 1; ; tries++) {
            try {
                return plan.statement().execute(values);
            } catch (PgException e) {
                boolean hasLostRace = retries && e.sqlState().equals(SqlState.UNIQUE_VIOLATION);
                if (!hasLostRace || tries == UPSERT_TRIES) {
                    throw e;
                }
                host.checkCancelled();
            }
        }
    }

    // ---- queries of both kinds

    /** Runs a query that is written in the body, or a text of EXECUTE. */
    Outcome run(Query query, Frame frame, int rowsMax) {
        return query.using() == null
                ? run(query.text(), frame, rowsMax)
                : dynamic(query.text(), query.using(), frame, rowsMax);
    }

    private Outcome dynamic(Sql text, List<Sql> using, Frame frame, int rowsMax) {
        Object value = value(text, frame);
        if (value == null) {
            throw new PgException(
                    SqlState.NULL_VALUE_NOT_ALLOWED, "query string argument of EXECUTE is null");
        }
        String sql = Conversion.toText(value, host.textStyle());
        var arguments = using.isEmpty() ? NONE : new @Nullable Object[using.size()];
        var oids = new ArrayList<Integer>(arguments.length);
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = value(using.get(i), frame);
            oids.add(oid == Oid.UNKNOWN ? Oid.TEXT : oid);
        }
        try {
            return dynamic(sql, arguments, oids, rowsMax);
        } catch (PgException e) {
            throw inSql(e, "SQL statement", sql);
        }
    }

    private Outcome dynamic(
            String sql, @Nullable Object[] arguments, List<Integer> oids, int rowsMax) {
        long version = engine.schemaVersion();
        if (dynamicVersion != version) {
            close();
            dynamicVersion = version;
        }
        var key = new DynamicKey(sql, List.copyOf(oids));
        var piece = dynamic.get(key);
        if (piece == null) {
            var parsed = EmbeddedSql.parse(sql, name -> false);
            if (SqlStatements.isTransaction(parsed.statement())) {
                throw new PgException(
                        SqlState.FEATURE_NOT_SUPPORTED,
                        "EXECUTE of transaction commands is not implemented");
            }
            if (!parsed.isBindable()) {
                return new Outcome(null, List.of(), host.run(parsed.statement()), true);
            }
            piece = new Piece(engine, parsed.bind(new Arguments(oids), host.schema()), List.of());
            dynamic.put(key, piece);
            forgetOldest();
        }
        return run(piece, piece.values(arguments), rowsMax);
    }

    private void forgetOldest() {
        if (dynamic.size() > DYNAMIC_MAX) {
            Map.Entry<DynamicKey, Piece> oldest = dynamic.firstEntry();
            dynamic.remove(oldest.getKey());
            oldest.getValue().close();
        }
    }

    /** The parameters of EXECUTE … USING. */
    private record Arguments(List<Integer> oids) implements BodyNames {
        @Override
        public @Nullable Meaning find(List<String> path) {
            String name = path.getFirst();
            if (path.size() > 1 || !name.startsWith("$") || name.length() < 2) {
                return null;
            }
            int number = Integer.parseInt(name.substring(1));
            return number > oids.size()
                    ? null
                    : new Value(
                            new FrameNames.Place(number - 1, -1),
                            RowShape.type(oids.get(number - 1)));
        }

        @Override
        public Conflict conflict() {
            return Conflict.USE_VARIABLE;
        }
    }

    // ---- errors

    /**
     * Adds the statement to CONTEXT. A position points into that statement, which the client did
     * not send, and says where the error is already.
     */
    static PgException inSql(PgException e, String kind, String text) {
        return e.report().position() > 0
                ? e.withPosition(0)
                : e.withWhere(where(e, kind + " \"" + text + '"'));
    }

    /** CONTEXT with a line more. */
    static String where(PgException e, String line) {
        String where = e.report().where();
        return where == null ? line : where + "\n" + line;
    }

    @Override
    public void close() {
        dynamic.values().forEach(Piece::close);
        dynamic.clear();
    }
}
