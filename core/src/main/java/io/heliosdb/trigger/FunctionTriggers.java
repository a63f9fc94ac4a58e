package io.heliosdb.trigger;

import io.heliosdb.engine.TableId;
import io.heliosdb.engine.TableInfo;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.FunctionTriggerDefinition;
import io.heliosdb.sql.RoutineType;
import io.heliosdb.trigger.routine.SessionRoutines;

import java.util.Optional;

/** What must hold of a trigger that calls a function, in PostgreSQL's order and words. */
final class FunctionTriggers {
    private FunctionTriggers() {}

    static void requireValid(
            FunctionTriggerDefinition definition, TableId table, Optional<TableInfo> info) {
        boolean isView = info.map(TableInfo::isView).orElse(false);
        boolean isInstead = definition.timing().equals("INSTEAD OF");
        if (!isView && isInstead) {
            throw wrongObject("\"%s\" is a table".formatted(table.name()))
                    .withDetail("Tables cannot have INSTEAD OF triggers.");
        }
        if (isView && !isInstead && definition.forEachRow()) {
            throw wrongObject("\"%s\" is a view".formatted(table.name()))
                    .withDetail("Views cannot have row-level BEFORE or AFTER triggers.");
        }
        boolean isTruncate = definition.events().contains("TRUNCATE");
        if (isView && isTruncate) {
            throw wrongObject("\"%s\" is a view".formatted(table.name()))
                    .withDetail("Views cannot have TRUNCATE triggers.");
        }
        if (isTruncate && definition.forEachRow()) {
            throw unsupported("TRUNCATE FOR EACH ROW triggers are not supported");
        }
        if (isInstead && !definition.forEachRow()) {
            throw unsupported("INSTEAD OF triggers must be FOR EACH ROW");
        }
        if (isInstead && definition.condition().isPresent()) {
            throw unsupported("INSTEAD OF triggers cannot have WHEN conditions");
        }
        if (isInstead && !definition.columns().isEmpty()) {
            throw unsupported("INSTEAD OF triggers cannot have column lists");
        }
        requireTransitions(definition);
    }

    private static void requireTransitions(FunctionTriggerDefinition definition) {
        if (definition.oldTable().isEmpty() && definition.newTable().isEmpty()) {
            return;
        }
        if (!definition.timing().equals("AFTER")) {
            throw invalid("transition table name can only be specified for an AFTER trigger");
        }
        if (definition.events().contains("TRUNCATE")) {
            throw invalid("TRUNCATE triggers with transition tables are not supported");
        }
        if (definition.events().size() > 1) {
            throw unsupported(
                    "transition tables cannot be specified for triggers with more than one event");
        }
        if (!definition.columns().isEmpty()) {
            throw unsupported(
                    "transition tables cannot be specified for triggers with column lists");
        }
        String event = definition.events().getFirst();
        if (definition.newTable().isPresent() && event.equals("DELETE")) {
            throw invalid("NEW TABLE can only be specified for an INSERT or UPDATE trigger");
        }
        if (definition.oldTable().isPresent() && event.equals("INSERT")) {
            throw invalid("OLD TABLE can only be specified for a DELETE or UPDATE trigger");
        }
        if (definition.oldTable().isPresent()
                && definition.oldTable().equals(definition.newTable())) {
            throw invalid("OLD TABLE name and NEW TABLE name cannot be the same");
        }
    }

    /** The number of the function, which takes nothing and returns a trigger. */
    static int requireFunction(FunctionTriggerDefinition definition, SessionRoutines routines) {
        for (var candidate : routines.signatures(definition.function())) {
            if (candidate.parameters().stream().anyMatch(each -> each.isInput())
                    || candidate.isProcedure()) {
                continue;
            }
            if (candidate.returns().oid() != RoutineType.TRIGGER) {
                throw invalid(
                        "function %s must return type trigger".formatted(definition.function()));
            }
            return candidate.oid();
        }
        throw new PgException(
                SqlState.UNDEFINED_FUNCTION,
                "function %s() does not exist".formatted(definition.function()));
    }

    private static PgException invalid(String message) {
        return new PgException(SqlState.INVALID_OBJECT_DEFINITION, message);
    }

    private static PgException unsupported(String message) {
        return new PgException(SqlState.FEATURE_NOT_SUPPORTED, message);
    }

    private static PgException wrongObject(String message) {
        return new PgException(new SqlState("42809"), message);
    }
}
