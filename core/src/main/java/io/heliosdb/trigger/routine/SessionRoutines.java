package io.heliosdb.trigger.routine;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.TableInfo;
import io.heliosdb.engine.TemporaryObjects;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.RoutineAlteration;
import io.heliosdb.sql.RoutineDefinition;
import io.heliosdb.sql.RoutineName;
import io.heliosdb.sql.RoutineSignature;
import io.heliosdb.sql.RoutineType;
import io.heliosdb.sql.SchemaLookup;
import io.heliosdb.sql.SqlParser;
import io.heliosdb.sql.Statement;
import io.heliosdb.sql.TableName;
import io.heliosdb.trigger.plpgsql.BodyRuntime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The functions and procedures of one session: their definition as part of its transaction, and the
 * calls of what that transaction sees. Confined to the session's thread.
 */
public final class SessionRoutines implements AutoCloseable {
    private final RoutineCatalog catalog;
    private final EngineSession engine;
    private final RoutineHost host;
    private final RoutineRows rows;
    private final TransactionRoutines transaction;
    private final RoutineCalls calls;
    private final RoutineBodies bodies;

    /**
     * The routines of a session; to be closed with it.
     *
     * @param catalog the instance's routines
     * @param engine the session's rows
     * @param host the session itself
     * @param runtime runs bodies in PL/pgSQL
     */
    public SessionRoutines(
            RoutineCatalog catalog, EngineSession engine, RoutineHost host, BodyRuntime runtime) {
        this.catalog = catalog;
        this.engine = engine;
        this.host = host;
        rows = new RoutineRows(engine);
        transaction = new TransactionRoutines(catalog);
        bodies = new RoutineBodies(engine, host);
        calls = new RoutineCalls(this, host, runtime, bodies);
    }

    /**
     * Reads the routines of a database that opens, and makes their system table where there is
     * none.
     *
     * @param catalog what to fill
     * @param engine a session with a transaction to do it in, which the caller commits
     */
    public static void load(RoutineCatalog catalog, EngineSession engine) {
        RoutineRows.define(engine);
        var parser = new SqlParser();
        var rows = new RoutineRows(engine);
        for (var stored : rows.all()) {
            if (stored.schema().startsWith(TemporaryObjects.PREFIX)) {
                // Its session did not live to drop it.
                rows.remove(stored.oid());
                continue;
            }
            var statement = parser.parseSingle(stored.source());
            if (!(statement instanceof Statement.CreateRoutine create)) {
                throw new IllegalStateException("no routine: " + statement.source());
            }
            var definition = create.definition();
            var body =
                    RoutineBodies.read(
                            definition,
                            name ->
                                    engine.engine()
                                            .schema()
                                            .table(
                                                    name.schema().orElse(stored.schema()),
                                                    name.name()));
            catalog.taken(stored.oid());
            catalog.apply(
                    List.of(
                            new RoutineChange.Put(
                                    new Routine(
                                            stored.oid(),
                                            stored.schema(),
                                            stored.name(),
                                            stored.owner(),
                                            definition,
                                            body))));
        }
    }

    /**
     * The routines that the transaction sees.
     *
     * @return a snapshot; the same object as long as nothing changes
     */
    public RoutineSet visible() {
        return transaction.visible();
    }

    /**
     * The calls of routines.
     *
     * @return of this session
     */
    public RoutineCalls calls() {
        return calls;
    }

    /**
     * What calls see of the routines of a name.
     *
     * @param name its name
     * @return those of its schema, or of the first schema of the search path for each signature
     */
    public List<RoutineSignature> signatures(TableName name) {
        var all = visible().named(name.name());
        if (all.isEmpty()) {
            return List.of();
        }
        return along(name, all).stream()
                .map(routine -> Signatures.of(routine, host::table))
                .toList();
    }

    private List<Routine> along(TableName name, List<Routine> all) {
        if (name.schema().isPresent()) {
            String schema = stored(name.schema().get());
            return all.stream().filter(routine -> routine.schema().equals(schema)).toList();
        }
        var found = new ArrayList<Routine>();
        for (String schema : host.schemas()) {
            for (Routine routine : all) {
                boolean isHidden =
                        found.stream().anyMatch(other -> other.hasTypes(routine.inputTypes()));
                if (routine.schema().equals(schema) && !isHidden) {
                    found.add(routine);
                }
            }
        }
        return found;
    }

    // ---- CREATE

    /**
     * CREATE FUNCTION or PROCEDURE.
     *
     * @param definition what the statement says
     * @throws PgException 42723, 42P13, 42704 and what is wrong with the body, with its position
     */
    public void create(RoutineDefinition definition) {
        String schema = schema(definition);
        requireTypes(definition);
        var types = definition.inputs().stream().map(input -> input.type().display()).toList();
        var existing =
                visible().named(definition.name().name()).stream()
                        .filter(routine ->
                                routine.schema().equals(schema) && routine.hasTypes(types))
                        .findFirst();
        existing.ifPresent(routine -> requireReplaceable(routine, definition));
        var body = RoutineBodies.read(definition, host::table);
        bodies.check(definition, body);
        int oid = existing.map(Routine::oid).orElseGet(catalog::nextOid);
        String owner = existing.map(Routine::owner).orElseGet(host::user);
        put(
                new Routine(oid, schema, definition.name().name(), owner, definition, body),
                definition.signature());
    }

    private String schema(RoutineDefinition definition) {
        var named = definition.name().schema();
        if (named.isEmpty()) {
            return host.schemas().getFirst();
        }
        if (named.get().equals(SchemaLookup.TEMPORARY_ALIAS)) {
            return engine.temporary().requireSchema();
        }
        if (!isSchema(named.get())) {
            throw new PgException(
                    new SqlState("3F000"), "schema \"" + named.get() + "\" does not exist");
        }
        return named.get();
    }

    /** The schema that {@code pg_temp} stands for, or the one that is named. */
    private String stored(String schema) {
        return schema.equals(SchemaLookup.TEMPORARY_ALIAS)
                ? engine.temporary().schemaName().orElse(schema)
                : schema;
    }

    private boolean isSchema(String name) {
        return engine.engine().schema().names().contains(name)
                || engine.temporary().schemaName().filter(name::equals).isPresent();
    }

    private void requireTypes(RoutineDefinition definition) {
        for (var parameter : definition.parameters()) {
            if (!isKnown(parameter.type())) {
                throw new PgException(
                        SqlState.UNDEFINED_OBJECT,
                        "type " + parameter.type().name() + " does not exist");
            }
        }
        if (!isKnown(definition.returns())) {
            throw new PgException(
                    SqlState.UNDEFINED_OBJECT,
                    "type \"" + definition.returns().name() + "\" does not exist");
        }
        boolean isPolymorphic = definition.returns().isPolymorphic();
        if (isPolymorphic
                && definition.inputs().stream().noneMatch(each -> each.type().isPolymorphic())) {
            throw new PgException(new SqlState("42P13"), "cannot determine result data type")
                    .withDetail(
                            "A result of type %s requires at least one input of type anyelement,"
                                            .formatted(definition.returns().name())
                                    + " anyarray, anynonarray, anyenum, anyrange, or"
                                    + " anymultirange.");
        }
    }

    private boolean isKnown(RoutineType type) {
        return !type.isNamed()
                || Signatures.row(type, host::table).isPresent()
                || host.schema().domain(type).isPresent();
    }

    private static void requireReplaceable(Routine routine, RoutineDefinition definition) {
        if (!definition.orReplace()) {
            throw new PgException(
                    new SqlState("42723"),
                    "function \""
                            + definition.name().name()
                            + "\" already exists with same argument types");
        }
        if (routine.definition().isProcedure() != definition.isProcedure()) {
            throw new PgException(new SqlState("42809"), "cannot change routine kind")
                    .withDetail("\"%s\" is a %s.".formatted(routine.name(), routine.kind()));
        }
        String hint =
                "Use DROP %s %s first."
                        .formatted(
                                definition.isProcedure() ? "PROCEDURE" : "FUNCTION",
                                definition.name().name()
                                        + routine.inputTypes().stream()
                                                .collect(Collectors.joining(",", "(", ")")));
        var old = routine.definition();
        boolean isSameResult =
                old.returns().display().equals(definition.returns().display())
                        && old.returnsSet() == definition.returnsSet();
        if (!isSameResult) {
            throw invalid("cannot change return type of existing function").withHint(hint);
        }
        var before = old.outputs().stream().map(each -> each.name() + each.type().display());
        var after = definition.outputs().stream().map(each -> each.name() + each.type().display());
        if (!before.toList().equals(after.toList())) {
            throw invalid("cannot change return type of existing function")
                    .withDetail("Row type defined by OUT parameters is different.")
                    .withHint(hint);
        }
        for (int i = 0; i < old.inputs().size(); i++) {
            var oldName = old.inputs().get(i).name();
            if (oldName.isPresent() && !oldName.equals(definition.inputs().get(i).name())) {
                throw invalid(
                                "cannot change name of input parameter \"%s\""
                                        .formatted(oldName.get()))
                        .withHint(hint);
            }
            if (old.inputs().get(i).defaultText().isPresent()
                    && definition.inputs().get(i).defaultText().isEmpty()) {
                throw invalid("cannot remove parameter defaults from existing function")
                        .withHint(hint);
            }
        }
    }

    private static PgException invalid(String message) {
        return new PgException(new SqlState("42P13"), message);
    }

    private void put(Routine routine, String display) {
        try {
            rows.put(routine);
        } catch (PgException e) {
            throw e.sqlState().equals(SqlState.UNIQUE_VIOLATION)
                    ? new PgException(
                            new SqlState("42723"),
                            "function " + display + " already exists with same argument types")
                    : e;
        }
        transaction.add(new RoutineChange.Put(routine));
        engine.engine().routinesChanged();
    }

    // ---- DROP, ALTER

    /**
     * DROP FUNCTION, PROCEDURE or ROUTINE.
     *
     * @param drop the statement
     * @param requireUnused fails with 2BP01 where something needs a routine that is to go, or lets
     *     that go first
     * @throws PgException 42883, 42725, 42809, 2BP01
     */
    public void drop(
            Statement.DropRoutine drop, java.util.function.Consumer<Routine> requireUnused) {
        for (RoutineName name : drop.names()) {
            if (drop.ifExists() && skips(drop, name)) {
                continue;
            }
            var routine = find(drop.kind(), name);
            requireUnused.accept(routine);
            remove(routine);
        }
    }

    /**
     * Drops a routine, whatever uses it.
     *
     * @param routine one that the transaction sees
     */
    public void remove(Routine routine) {
        rows.remove(routine.oid());
        transaction.add(new RoutineChange.Remove(routine.oid()));
        engine.engine().routinesChanged();
    }

    /**
     * The routines of a schema.
     *
     * @param schema its name
     * @return those that the transaction sees, in no order
     */
    public List<Routine> in(String schema) {
        return visible().all().stream().filter(routine -> routine.schema().equals(schema)).toList();
    }

    /**
     * A schema is called otherwise.
     *
     * @param old its name before
     * @param name its name now
     */
    public void schemaRenamed(String old, String name) {
        for (Routine routine : in(old)) {
            put(routine.moved(name), routine.display());
        }
    }

    private boolean skips(Statement.DropRoutine drop, RoutineName name) {
        if (name.arguments().isPresent()) {
            for (RoutineType type : name.arguments().get()) {
                if (!isKnown(type)) {
                    notice("type \"" + type.name() + "\" does not exist, skipping");
                    return true;
                }
            }
        }
        if (!matching(name).isEmpty()) {
            return false;
        }
        String types =
                name.arguments()
                        .map(list ->
                                list.stream()
                                        .map(SessionRoutines::qualified)
                                        .collect(Collectors.joining(",")))
                        .orElse("");
        notice(
                "%s %s(%s) does not exist, skipping"
                        .formatted(
                                drop.kind().toLowerCase(java.util.Locale.ROOT),
                                name.name(),
                                types));
        return true;
    }

    private static String qualified(RoutineType type) {
        boolean isOwn = type.oid() != 0 && type.oid() != Oid.TEXT;
        return isOwn ? "pg_catalog." + type.name() + (type.isArray() ? "[]" : "") : type.display();
    }

    private void notice(String message) {
        host.notice(Report.of(Severity.NOTICE, SqlState.SUCCESSFUL_COMPLETION, message));
    }

    private List<Routine> matching(RoutineName name) {
        var all = along(name.name(), visible().named(name.name().name()));
        if (name.arguments().isEmpty()) {
            return all;
        }
        var types = name.arguments().get().stream().map(RoutineType::display).toList();
        return all.stream().filter(routine -> routine.hasTypes(types)).toList();
    }

    /**
     * Finds the one routine that a statement names.
     *
     * @param kind FUNCTION, PROCEDURE or ROUTINE
     * @param name its name, with its arguments' types or without
     * @return the routine
     * @throws PgException 42883 where there is none, 42725 where there are several, 42809 where it
     *     is of the other kind
     */
    public Routine find(String kind, RoutineName name) {
        String word = kind.toLowerCase(java.util.Locale.ROOT);
        var found = matching(name);
        if (found.isEmpty()) {
            String shown = word.equals("routine") ? "function" : word;
            throw new PgException(
                    SqlState.UNDEFINED_FUNCTION,
                    name.arguments().isEmpty()
                            ? "could not find a %s named \"%s\"".formatted(shown, name.name())
                            : shown + ' ' + spaced(name) + " does not exist");
        }
        if (found.size() > 1) {
            throw new PgException(
                            new SqlState("42725"),
                            "%s name \"%s\" is not unique".formatted(word, name.name()))
                    .withHint(
                            "Specify the argument list to select the %s unambiguously."
                                    .formatted(word));
        }
        var routine = found.getFirst();
        if (!word.equals("routine") && !routine.kind().equals(word)) {
            throw new PgException(new SqlState("42809"), spaced(name) + " is not a " + word);
        }
        return routine;
    }

    private static String spaced(RoutineName name) {
        return name.name()
                + name.arguments().orElse(List.of()).stream()
                        .map(RoutineType::display)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    /**
     * ALTER FUNCTION, PROCEDURE or ROUTINE.
     *
     * @param alter the statement
     * @throws PgException 42883, 42725, 42723, 3F000
     */
    public void alter(Statement.AlterRoutine alter) {
        var routine = find(alter.kind(), alter.name());
        switch (alter.change()) {
            case RoutineAlteration.Rename(String name) -> put(renamed(routine, name), name);
            case RoutineAlteration.Owner(String role) ->
                    put(routine.owned(role), routine.display());
            case RoutineAlteration.Move(String schema) -> {
                if (!isSchema(schema)) {
                    throw new PgException(
                            new SqlState("3F000"), "schema \"" + schema + "\" does not exist");
                }
                put(routine.moved(schema), routine.display());
            }
            case RoutineAlteration.Options(String text) -> options(routine, text);
        }
    }

    private Routine renamed(Routine routine, String name) {
        boolean isTaken =
                visible().named(name).stream()
                        .anyMatch(other ->
                                other.schema().equals(routine.schema())
                                        && other.hasTypes(routine.inputTypes()));
        if (isTaken) {
            throw new PgException(
                    new SqlState("42723"),
                    "function %s already exists in schema \"%s\""
                            .formatted(routine.renamed(name).display(), routine.schema()));
        }
        return routine.renamed(name);
    }

    /** Options that are given later stand behind those of the CREATE statement. */
    private void options(Routine routine, String text) {
        var definition = routine.definition().altered(text);
        var body = RoutineBodies.read(definition, host::table);
        put(
                new Routine(
                        routine.oid(),
                        routine.schema(),
                        routine.name(),
                        routine.owner(),
                        definition,
                        body),
                routine.display());
    }

    // ---- the transaction

    /**
     * Whether the transaction has created or dropped routines.
     *
     * @return whether its commit changes them
     */
    public boolean hasChanges() {
        return transaction.mark() > 0;
    }

    /**
     * A place in the transaction to go back to.
     *
     * @return for {@link #rollbackTo}
     */
    public int mark() {
        return transaction.mark();
    }

    /**
     * Forgets what came after a mark; the rows are rolled back by the caller.
     *
     * @param mark from {@link #mark}, in the same transaction
     */
    public void rollbackTo(int mark) {
        if (transaction.mark() > mark) {
            transaction.rollbackTo(mark);
            engine.engine().routinesChanged();
        }
    }

    /** The transaction has committed: everybody sees what it did. */
    public void commit() {
        if (hasChanges()) {
            transaction.commit();
            engine.engine().routinesChanged();
        }
    }

    /** The session ends. */
    @Override
    public void close() {
        transaction.rollbackTo(0);
        bodies.close();
        calls.close();
    }

    Optional<TableInfo> table(TableName name) {
        return host.table(name);
    }
}
