package io.heliosdb.session;

import io.heliosdb.engine.EnginePlan;
import io.heliosdb.pg.Column;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Rewriter;
import io.heliosdb.sql.Rewritten;
import io.heliosdb.sql.RoutineParameter;
import io.heliosdb.sql.SqlParser;
import io.heliosdb.sql.Statement;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses, rewrites and prepares statements for one session, and keeps the plans of those that come
 * again. A text is kept from its second appearance on, so that statements with literals in them do
 * not push out the others. Confined to the session.
 */
final class Planner {
    private static final int SEEN = 256;

    /** A longer text costs more to keep than to parse. */
    private static final int KEPT_CHARACTERS_MAX = 16_384;

    private record Key(String sql, List<Integer> oids) {}

    private final SessionState session;
    private final SqlParser parser;
    private final Rewriter rewriter = new Rewriter();
    private long definitions;
    private final int[] seen = new int[SEEN];
    private final Map<String, List<Statement>> parsed;
    private long parsedVersion = -1;
    private String parsedPath = "";
    private final Map<Key, Prepared> plans;

    Planner(SessionState session) {
        this.session = session;
        parser = new SqlParser(session::searchPath);
        int size = session.instance().options().planCacheSize();
        parsed = bounded(size);
        plans = bounded(size);
    }

    /** What names mean may change with the schema, and with the path in which it is searched. */
    private void forgetStale() {
        session.applySettings();
        long version = session.rows().schemaVersion();
        var path = session.settings().searchPath();
        if (version != parsedVersion || !path.equals(parsedPath)) {
            parsed.clear();
            parsedVersion = version;
            parsedPath = path;
        }
    }

    List<Statement> parse(String sql) {
        forgetStale();
        var known = parsed.get(sql);
        if (known != null) {
            return known;
        }
        var statements = parser.parse(sql);
        if (isWorthKeeping(sql)) {
            parsed.put(sql, statements);
        }
        return statements;
    }

    Statement parseSingle(String sql) {
        forgetStale();
        var known = parsed.get(sql);
        if (known != null && known.size() == 1) {
            return known.get(0);
        }
        var statement = parser.parseSingle(sql);
        // A query string of nothing has no statement, rather than one that is empty.
        if (!(statement instanceof Statement.Empty) && isWorthKeeping(sql)) {
            parsed.put(sql, List.of(statement));
        }
        return statement;
    }

    Prepared prepare(Statement statement, int[] oids) {
        if (statement instanceof Statement.Call call && !call.arguments().isEmpty()) {
            var arguments = prepare(arguments(call), oids);
            return new Prepared(
                    statement, oids, arguments.parameterOids(), columnsOf(statement), null);
        }
        if (!(statement instanceof Statement.Engine engine)) {
            return command(statement, oids);
        }
        var key = new Key(engine.source(), boxed(oids));
        var known = plans.get(key);
        if (known != null && isCurrent(known.requireCompiled())) {
            return known;
        }
        var prepared = compile(engine, oids);
        if (isWorthKeeping(engine.source())) {
            plans.put(key, prepared);
        }
        return prepared;
    }

    /** The arguments of CALL as a query. */
    Statement.Engine arguments(Statement.Call call) {
        var select = parser.parseSingle("SELECT " + String.join(", ", call.arguments()));
        if (select instanceof Statement.Engine engine) {
            return engine;
        }
        throw new IllegalStateException("a SELECT is for the engine");
    }

    private Prepared command(Statement statement, int[] oids) {
        return switch (statement) {
            case Statement.DeclareCursor declare ->
                    Prepared.around(declare, prepare(declare.query(), oids), null);
            default -> new Prepared(statement, oids, new int[0], columnsOf(statement), null);
        };
    }

    /** EXECUTE and FETCH return what the statement or cursor that they name returns. */
    private @Nullable List<Column> columnsOf(Statement statement) {
        return switch (statement) {
            case Statement.Execute execute ->
                    session.statements().require(execute.name()).columns();
            case Statement.Fetch fetch -> columnsOf(fetch);
            case Statement.Call call -> columnsOf(call);
            default -> SessionCommands.columns(statement);
        };
    }

    private @Nullable List<Column> columnsOf(Statement.Call call) {
        var outputs =
                session.routines().calls().procedure(call).routine().parameters().stream()
                        .filter(RoutineParameter::isOutput)
                        .map(each -> new Column(each.name().orElse(""), each.type().oid()))
                        .toList();
        return outputs.isEmpty() ? null : outputs;
    }

    private @Nullable List<Column> columnsOf(Statement.Fetch fetch) {
        var cursor = session.portals().find(fetch.cursor());
        return fetch.isMove() || cursor == null ? null : cursor.columns();
    }

    /** A statement as it is when it is bound: what FETCH returns, its cursor says by then. */
    Prepared refreshed(Prepared prepared) {
        if (prepared.statement() instanceof Statement.Fetch) {
            return prepare(prepared.statement(), prepared.givenOids());
        }
        refresh(prepared);
        return prepared;
    }

    /** Compiles anew what an older schema shaped. */
    void refresh(Prepared prepared) {
        var compiled = prepared.compiled();
        if (compiled == null || isCurrent(compiled)) {
            return;
        }
        var anew = compile(reread(prepared.statement()), prepared.givenOids());
        if (!sameTypes(anew.columns(), prepared.columns())) {
            throw new PgException(
                    SqlState.FEATURE_NOT_SUPPORTED, "cached plan must not change result type");
        }
        prepared.recompiled(anew.requireCompiled());
    }

    /** Reads a statement anew, since its calls may mean other routines now. */
    private Statement.Engine reread(Statement statement) {
        return parser.parseSingle(statement.source()) instanceof Statement.Engine engine
                ? engine
                : (Statement.Engine) statement;
    }

    /**
     * Counts a definition, which may be of a temporary table, of which the engine does not tell.
     */
    void defined() {
        definitions++;
    }

    /** Grows with each change of the schema and each definition of this session. */
    private long version() {
        return session.rows().schemaVersion() + definitions;
    }

    void forgetPlans() {
        plans.clear();
    }

    private boolean isCurrent(Prepared.Compiled compiled) {
        return compiled.schemaVersion() == version()
                && compiled.searchPath().equals(session.settings().searchPath());
    }

    private Prepared compile(Statement.Engine statement, int[] oids) {
        session.applySettings();
        long version = version();
        var path = session.settings().searchPath();
        var read = statement.knowsSession() ? statement : reread(statement);
        var rewritten = rewriter.rewrite(read, session.searchPath(), oids);
        var plan = planned(rewritten, read);
        var compiled = new Prepared.Compiled(rewritten, plan, version, path);
        return new Prepared(
                statement,
                oids,
                parameterOids(rewritten, plan.parameterOids(), oids),
                rewritten.returnsRows() ? columns(rewritten, plan.columns()) : null,
                compiled);
    }

    private EnginePlan planned(Rewritten rewritten, Statement.Engine statement) {
        try {
            EnginePlan plan = session.rows().prepare(rewritten.sql());
            plan.assigns(rewritten.updated());
            return plan;
        } catch (PgException e) {
            throw ErrorPosition.point(e, statement);
        }
    }

    private static int[] parameterOids(Rewritten rewritten, int[] inferred, int[] given) {
        var oids = new int[rewritten.parameterCount()];
        for (int i = 0; i < oids.length; i++) {
            oids[i] = i < given.length ? given[i] : Oid.UNSPECIFIED;
            if (oids[i] == Oid.UNSPECIFIED && i < rewritten.parameterOids().size()) {
                oids[i] = rewritten.parameterOids().get(i);
            }
            if (oids[i] == Oid.UNSPECIFIED && i < inferred.length) {
                oids[i] = inferred[i];
            }
            if (oids[i] == Oid.UNSPECIFIED) {
                oids[i] = Oid.TEXT;
            }
        }
        return oids;
    }

    /** The engine's columns under the names and types that PostgreSQL gives them. */
    private static List<Column> columns(Rewritten rewritten, List<Column> engine) {
        if (rewritten.zeroColumns()) {
            return List.of();
        }
        var known = rewritten.columns();
        if (known.size() != engine.size()) {
            return engine;
        }
        var columns = new ArrayList<Column>(engine.size());
        for (int i = 0; i < engine.size(); i++) {
            var given = engine.get(i);
            var better = known.get(i);
            columns.add(
                    new Column(
                            better.name(),
                            better.typeOid() == Oid.UNSPECIFIED
                                    ? given.typeOid()
                                    : better.typeOid(),
                            better.typeOid() == Oid.UNSPECIFIED
                                    ? given.typeModifier()
                                    : better.typeModifier(),
                            given.tableOid(),
                            given.attribute()));
        }
        return List.copyOf(columns);
    }

    private static boolean sameTypes(@Nullable List<Column> left, @Nullable List<Column> right) {
        if (left == null || right == null) {
            return left == null && right == null;
        }
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (left.get(i).typeOid() != right.get(i).typeOid()) {
                return false;
            }
        }
        return true;
    }

    private boolean isWorthKeeping(String sql) {
        if (sql.length() > KEPT_CHARACTERS_MAX) {
            return false;
        }
        int hash = sql.hashCode();
        int slot = (hash ^ (hash >>> 16)) & (SEEN - 1);
        if (seen[slot] == hash) {
            return true;
        }
        seen[slot] = hash;
        return false;
    }

    private static List<Integer> boxed(int[] oids) {
        return oids.length == 0 ? List.of() : Arrays.stream(oids).boxed().toList();
    }

    private static <K, V> Map<K, V> bounded(int size) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > size;
            }
        };
    }
}
