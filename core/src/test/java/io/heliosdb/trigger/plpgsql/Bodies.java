package io.heliosdb.trigger.plpgsql;

import io.heliosdb.engine.ColumnInfo;
import io.heliosdb.engine.Engine;
import io.heliosdb.engine.EngineOptions;
import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.Isolation;
import io.heliosdb.engine.Mark;
import io.heliosdb.engine.QuietServices;
import io.heliosdb.engine.TableInfo;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.TextStyle;
import io.heliosdb.sql.EmbeddedSql;
import io.heliosdb.sql.SchemaLookup;
import io.heliosdb.sql.SqlType;
import io.heliosdb.sql.Statement;
import io.heliosdb.sql.TableMetadata;
import io.heliosdb.sql.TableName;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A session that does nothing but run bodies: what they say, send and raise can be looked at. */
final class Bodies implements PlpgsqlHost, AutoCloseable {
    final Engine engine = Engine.open(EngineOptions.inMemory());
    final EngineSession session = engine.newSession(new Services());
    final PlpgsqlRuntime runtime = new PlpgsqlRuntime(this, session);

    /** The notices and, after them, the error of what ran, one line each. */
    final List<String> output = new ArrayList<>();

    final List<String> notifications = new ArrayList<>();

    private final PlpgsqlBody again =
            function("again", "procedure", "begin if 1 + 1 = 2 then call again(); end if; end");

    /** After how many looks for a cancel there is one. */
    int cancelAfter = Integer.MAX_VALUE;

    int commits;
    int rollbacks;

    Bodies() {
        session.begin(false, Isolation.READ_COMMITTED);
    }

    void sql(String sql) {
        session.execute(sql);
    }

    /** Runs a DO block and gives what it said. */
    List<String> run(String body) {
        output.clear();
        var before = mark();
        try {
            runtime.callProcedure(PlpgsqlBody.parse(body, Signature.inlineBlock()));
        } catch (PgException e) {
            rollbackTo(before);
            tell("ERROR " + e.sqlState().code() + ": ", e.report());
        }
        return List.copyOf(output);
    }

    static PlpgsqlBody function(String name, String returns, String body, String... parameters) {
        var list = new ArrayList<Signature.Parameter>();
        for (String parameter : parameters) {
            String[] words = parameter.split(" ", 3);
            list.add(
                    new Signature.Parameter(
                            Optional.of(words[1]),
                            Signature.Mode.valueOf(words[0]),
                            type(words[2]),
                            Optional.empty()));
        }
        return PlpgsqlBody.parse(
                body, new Signature(name, list, returns(returns), returns.equals("procedure")));
    }

    private static Signature.Returns returns(String text) {
        if (text.startsWith("setof ")) {
            return new Signature.Returns.Many(type(text.substring(6)));
        }
        return switch (text) {
            case "void", "procedure" -> new Signature.Returns.Nothing();
            case "trigger" -> new Signature.Returns.Row();
            default -> new Signature.Returns.One(type(text));
        };
    }

    private static BodyType type(String text) {
        if (text.equals("record")) {
            return BodyType.RECORD;
        }
        var type = SqlType.parse(text);
        return type.oid() == 0 && !type.isArray()
                ? new BodyType.RowOf(new TableName(Optional.empty(), text))
                : new BodyType.Scalar(type);
    }

    private void tell(String prefix, Report report) {
        output.add(prefix + report.message());
        if (report.detail() != null) {
            output.add("DETAIL: " + report.detail());
        }
        if (report.hint() != null) {
            output.add("HINT: " + report.hint());
        }
        if (prefix.startsWith("ERROR") && report.where() != null) {
            output.add("CONTEXT: " + report.where().replace("\n", " / "));
        }
    }

    // ---- the host

    @Override
    public SchemaLookup schema() {
        return name -> table(name).map(Bodies::metadata);
    }

    @Override
    public Optional<TableInfo> table(TableName name) {
        return engine.schema().table(name.schema().orElse("public"), name.name());
    }

    private static TableMetadata metadata(TableInfo table) {
        return new TableMetadata(
                table.id().name(),
                table.columns().stream().map(Bodies::column).toList(),
                table.uniqueIndexes().stream()
                        .map(index ->
                                new TableMetadata.Key(
                                        index.name(), index.isPrimaryKey(), index.columns()))
                        .toList());
    }

    private static TableMetadata.Column column(ColumnInfo column) {
        return new TableMetadata.Column(
                column.name(),
                column.oid(),
                column.type(),
                column.defaultExpression(),
                column.isIdentity() || column.isGenerated());
    }

    @Override
    public TextStyle textStyle() {
        return TextStyle.DEFAULT;
    }

    @Override
    public void notice(Report report) {
        tell(report.severity() + ": ", report);
    }

    private record Point(Mark rows, int notifications) {}

    @Override
    public Object mark() {
        return new Point(session.mark(), notifications.size());
    }

    @Override
    public void rollbackTo(Object mark) {
        var point = (Point) mark;
        session.rollbackTo(point.rows());
        notifications.subList(point.notifications(), notifications.size()).clear();
    }

    @Override
    public void release(Object mark) {}

    @Override
    public void commit(boolean chain) {
        commits++;
        session.commit();
        session.begin(false, Isolation.READ_COMMITTED);
    }

    @Override
    public void rollback(boolean chain) {
        rollbacks++;
        session.rollback();
        session.begin(false, Isolation.READ_COMMITTED);
    }

    @Override
    public void checkCancelled() {
        if (cancelAfter-- == 0) {
            throw new PgException(
                    SqlState.QUERY_CANCELED, "canceling statement due to user request");
        }
    }

    /**
     * The procedures are {@code swap}, which exchanges its arguments, and {@code again}, which
     * calls itself without end.
     */
    @Override
    public List<Optional<Output>> call(TableName procedure, List<Argument> arguments) {
        if (procedure.name().equals("again")) {
            runtime.callProcedure(again);
            return List.of();
        }
        if (!procedure.name().equals("swap")) {
            throw new PgException(
                    SqlState.UNDEFINED_FUNCTION, "procedure " + procedure + " does not exist");
        }
        return arguments.reversed().stream()
                .map(argument -> Optional.of(new Output(argument.value(), argument.oid())))
                .toList();
    }

    @Override
    public long run(Statement statement) {
        switch (statement) {
            case Statement.Notify notify ->
                    notifications.add(notify.channel() + ":" + notify.payload());
            case Statement.Engine engineStatement ->
                    session.execute(
                            EmbeddedSql.parse(engineStatement.source(), name -> false)
                                    .statement()
                                    .source());
            default -> throw new PgException(SqlState.FEATURE_NOT_SUPPORTED, statement.source());
        }
        return 0;
    }

    @Override
    public void close() {
        runtime.close();
        engine.close();
    }

    /** What functions of SQL ask of the session. */
    private final class Services extends QuietServices {
        Services() {
            super("postgres", "postgres");
        }

        @Override
        public void notify(@Nullable String channel, @Nullable String payload) {
            notifications.add(channel + ":" + payload);
        }

        @Override
        public void notice(Report report) {
            Bodies.this.notice(report);
        }
    }
}
