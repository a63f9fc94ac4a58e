package io.heliosdb.session;

import io.heliosdb.engine.Inspection;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Definition;
import io.heliosdb.sql.SchemaLookup;
import io.heliosdb.sql.TableName;

import java.util.Optional;

/**
 * Looks whether what a definition creates or drops is there, and says so as PostgreSQL does.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-droptable.html">PostgreSQL: DROP TABLE</a>
 */
final class DefinitionTargets {
    private static final SqlState DUPLICATE_TABLE = new SqlState("42P07");
    private static final SqlState DUPLICATE_SCHEMA = new SqlState("42P06");
    private static final SqlState INVALID_SCHEMA_NAME = new SqlState("3F000");
    private static final SqlState SUCCESSFUL_COMPLETION = new SqlState("00000");

    private DefinitionTargets() {}

    /**
     * Whether nothing is left to do.
     *
     * @throws PgException where something is to be dropped that is not there
     */
    static boolean isDone(SessionState session, Definition definition) {
        if (!definition.drops()) {
            return definition.isConditional() && isThere(session, definition);
        }
        boolean isDone = true;
        for (TableName name : definition.names()) {
            if (exists(session, definition, name)) {
                isDone = false;
            } else if (definition.isConditional()) {
                notice(session, SUCCESSFUL_COMPLETION, missing(definition, name) + ", skipping");
            } else {
                throw new PgException(state(definition.kind()), missing(definition, name));
            }
        }
        return isDone;
    }

    private static boolean isThere(SessionState session, Definition definition) {
        TableName name = definition.names().getFirst();
        if (!exists(session, definition, name)) {
            return false;
        }
        boolean isSchema = definition.kind() == Definition.Kind.SCHEMA;
        notice(
                session,
                isSchema ? DUPLICATE_SCHEMA : DUPLICATE_TABLE,
                (isSchema ? "schema" : "relation")
                        + " \""
                        + name.name()
                        + "\" already exists, skipping");
        return true;
    }

    private static boolean exists(SessionState session, Definition definition, TableName name) {
        var schema =
                name.schema().isEmpty() && !definition.drops()
                        ? Optional.of(session.existingSchemas().getFirst())
                        : name.schema().map(named -> stored(session, named));
        return Inspection.exists(session.rows(), definition.kind().word(), schema, name.name());
    }

    private static String stored(SessionState session, String schema) {
        return schema.equals(SchemaLookup.TEMPORARY_ALIAS)
                ? session.rows().temporary().schemaName().orElse(schema)
                : schema;
    }

    private static String missing(Definition definition, TableName name) {
        return definition.kind().word() + " \"" + name + "\" does not exist";
    }

    private static SqlState state(Definition.Kind kind) {
        return switch (kind) {
            case TABLE, VIEW, SEQUENCE -> SqlState.UNDEFINED_TABLE;
            case INDEX -> SqlState.UNDEFINED_OBJECT;
            case SCHEMA -> INVALID_SCHEMA_NAME;
        };
    }

    private static void notice(SessionState session, SqlState state, String message) {
        session.notice(Report.of(Severity.NOTICE, state, message));
    }
}
