package io.heliosdb.session;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Definition;
import io.heliosdb.sql.TableName;
import io.heliosdb.trigger.routine.Routine;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Has functions and procedures follow their schemas, of which the engine's definitions tell only
 * when they are done: they go with a schema that is dropped, and stay in one that is renamed.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-dropschema.html">PostgreSQL: DROP SCHEMA</a>
 */
final class RoutineSchemas {
    private static final SqlState DEPENDENT_OBJECTS = new SqlState("2BP01");

    private final SessionState session;
    private final Set<String> before;

    private RoutineSchemas(SessionState session) {
        this.session = session;
        before = names(session);
    }

    /** To be asked before a definition is run; nothing where it is not of a schema. */
    static Optional<RoutineSchemas> around(SessionState session, String tag) {
        return tag.equals("DROP SCHEMA") || tag.equals("ALTER SCHEMA")
                ? Optional.of(new RoutineSchemas(session))
                : Optional.empty();
    }

    private static Set<String> names(SessionState session) {
        return Set.copyOf(session.instance().engine().schema().names());
    }

    /**
     * Fails where a schema is to be dropped without CASCADE.
     *
     * @throws PgException 2BP01 for one that has routines
     */
    static void requireEmpty(SessionState session, Definition definition) {
        boolean isRestricted =
                definition.kind() == Definition.Kind.SCHEMA
                        && definition.drops()
                        && !definition.cascades();
        if (!isRestricted) {
            return;
        }
        for (TableName schema : definition.names()) {
            var routines = session.routines().in(schema.name());
            if (!routines.isEmpty()) {
                throw new PgException(
                                DEPENDENT_OBJECTS,
                                "cannot drop schema %s because other objects depend on it"
                                        .formatted(schema.name()))
                        .withDetail(
                                routines.stream()
                                        .map(routine -> dependency(routine, schema.name()))
                                        .sorted()
                                        .collect(Collectors.joining("\n")))
                        .withHint("Use DROP ... CASCADE to drop the dependent objects too.");
            }
        }
    }

    private static String dependency(Routine routine, String schema) {
        return "%s %s.%s depends on schema %s"
                .formatted(routine.kind(), schema, routine.display(), schema);
    }

    /** The definition is done. */
    void follow(Consumer<Routine> dropUsers) {
        var now = names(session);
        var gone = new HashSet<>(before);
        gone.removeAll(now);
        var made = now.stream().filter(name -> !before.contains(name)).toList();
        for (String schema : gone) {
            if (made.size() == 1) {
                session.routines().schemaRenamed(schema, made.getFirst());
            } else {
                drop(session.routines().in(schema), dropUsers);
            }
        }
    }

    private void drop(List<Routine> routines, Consumer<Routine> dropUsers) {
        for (Routine routine : routines) {
            dropUsers.accept(routine);
            session.routines().remove(routine);
        }
    }

    /**
     * Drops the functions that only the session sees, and the triggers of its tables.
     *
     * @return whether the transaction has something to commit for that
     */
    static boolean dropTemporary(SessionState session, Consumer<Routine> dropUsers) {
        var routines =
                session.rows()
                        .temporary()
                        .schemaName()
                        .map(session.routines()::in)
                        .orElse(List.of());
        routines.forEach(dropUsers);
        routines.forEach(session.routines()::remove);
        return session.triggers().dropTemporary() || !routines.isEmpty();
    }
}
