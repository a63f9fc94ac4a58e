package io.heliosdb.trigger.routine;

import io.heliosdb.sql.Statement;
import io.heliosdb.trigger.plpgsql.PlpgsqlBody;

import java.util.List;

/** What a routine does. */
sealed interface RoutineBody {
    /**
     * Statements, the last of which gives the result.
     *
     * @param statements in their order
     */
    record Sql(List<Statement> statements) implements RoutineBody {}

    /**
     * A body in PL/pgSQL.
     *
     * @param body the body
     */
    record Procedural(PlpgsqlBody body) implements RoutineBody {}
}
