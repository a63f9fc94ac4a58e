package io.heliosdb.catalog;

import io.heliosdb.engine.Description.Attribute;
import io.heliosdb.engine.Description.Relation;
import io.heliosdb.engine.EngineSession;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.util.List;

/**
 * The definitions of objects as text, and comments.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-info.html">PostgreSQL: system catalog
 *     information functions</a>
 */
public final class DefinitionFunctions {
    private DefinitionFunctions() {}

    /**
     * The statement that creates an index.
     *
     * @param connection the caller's
     * @param oid the index
     * @return null for an unknown one
     */
    public static @Nullable String indexDefinition(Connection connection, @Nullable Long oid) {
        return indexDefinition(connection, oid, 0, false);
    }

    /**
     * The statement that creates an index, or one of its columns.
     *
     * @param connection the caller's
     * @param oid the index
     * @param column the number of a column; 0 for the statement
     * @param isPretty whether it is shorter
     * @return null for an unknown one
     */
    public static @Nullable String indexDefinition(
            Connection connection,
            @Nullable Long oid,
            @Nullable Integer column,
            @Nullable Boolean isPretty) {
        if (oid == null || column == null || isPretty == null) {
            return null;
        }
        Context context = Caller.context(connection);
        var found = context.model().index(oid.intValue());
        if (found == null) {
            return null;
        }
        return column == 0
                ? Definitions.index(
                        context.model(), found, isPretty ? context.names().path() : List.of())
                : Definitions.indexColumn(found, column);
    }

    /**
     * The definition of a constraint.
     *
     * @param connection the caller's
     * @param oid the constraint
     * @return null for an unknown one
     */
    public static @Nullable String constraintDefinition(Connection connection, @Nullable Long oid) {
        return constraintDefinition(connection, oid, false);
    }

    /**
     * The definition of a constraint.
     *
     * @param connection the caller's
     * @param oid the constraint
     * @param isPretty whether it has only the parentheses that it needs
     * @return null for an unknown one
     */
    public static @Nullable String constraintDefinition(
            Connection connection, @Nullable Long oid, @Nullable Boolean isPretty) {
        if (oid == null || isPretty == null) {
            return null;
        }
        Context context = Caller.context(connection);
        var found = context.model().constraint(oid.intValue());
        if (found != null) {
            List<String> path = context.names().path();
            return Definitions.constraint(
                    context.model(), found.table(), found.constraint(), isPretty, path);
        }
        for (var domain : context.model().description().domains()) {
            for (var check : domain.checks()) {
                if (check.oid() == oid) {
                    return "CHECK ("
                            + (isPretty ? check.check().pretty() : check.check().full())
                            + ')';
                }
            }
        }
        return null;
    }

    /**
     * The query of a view.
     *
     * @param connection the caller's
     * @param view its oid or its name
     * @return null for an unknown one
     */
    public static @Nullable String viewDefinition(Connection connection, @Nullable String view) {
        return viewDefinition(connection, view, null);
    }

    /**
     * The query of a view.
     *
     * @param connection the caller's
     * @param view its oid or its name
     * @param form whether it is shorter, or a width; it looks the same
     * @return null for an unknown one
     */
    public static @Nullable String viewDefinition(
            Connection connection, @Nullable String view, @Nullable String form) {
        Long oid = NameFunctions.regclass(connection, view);
        Relation found =
                oid == null ? null : Caller.context(connection).model().relation(oid.intValue());
        return found == null ? null : Definitions.view(found);
    }

    /**
     * The statement that creates a rule; there are none but those of views.
     *
     * @param oid the rule
     * @return null
     */
    public static @Nullable String ruleDefinition(@Nullable Long oid) {
        return null;
    }

    /**
     * The statement that creates a rule; there are none but those of views.
     *
     * @param oid the rule
     * @param isPretty whether it is shorter
     * @return null
     */
    public static @Nullable String ruleDefinition(@Nullable Long oid, @Nullable Boolean isPretty) {
        return null;
    }

    /**
     * The statement that creates a trigger.
     *
     * @param connection the caller's
     * @param oid the trigger
     * @return null for an unknown one
     */
    public static @Nullable String triggerDefinition(Connection connection, @Nullable Long oid) {
        return triggerDefinition(connection, oid, false);
    }

    /**
     * The statement that creates a trigger.
     *
     * @param connection the caller's
     * @param oid the trigger
     * @param isPretty whether it is shorter
     * @return null for an unknown one
     */
    public static @Nullable String triggerDefinition(
            Connection connection, @Nullable Long oid, @Nullable Boolean isPretty) {
        Context context = Caller.context(connection);
        for (var trigger : context.host().triggers(context.session())) {
            if (oid != null && trigger.oid() == oid) {
                return TriggerText.of(context, trigger, Boolean.TRUE.equals(isPretty));
            }
        }
        return null;
    }

    /**
     * An expression of a catalog as text.
     *
     * @param connection the caller's
     * @param tree what the catalog holds
     * @param relation the table that it is about
     * @return the expression
     */
    public static @Nullable String expression(
            Connection connection, @Nullable String tree, @Nullable Long relation) {
        return relation == null ? null : tree;
    }

    /**
     * An expression of a catalog as text.
     *
     * @param connection the caller's
     * @param tree what the catalog holds
     * @param relation the table that it is about
     * @param isPretty whether it has only the parentheses that it needs
     * @return the expression
     */
    public static @Nullable String expression(
            Connection connection,
            @Nullable String tree,
            @Nullable Long relation,
            @Nullable Boolean isPretty) {
        if (tree == null || relation == null || isPretty == null) {
            return null;
        }
        Relation table = Caller.context(connection).model().relation(relation.intValue());
        if (table == null || !isPretty) {
            return tree;
        }
        for (Attribute column : table.columns()) {
            var value = column.value();
            if (value != null && value.full().equals(tree)) {
                return value.pretty();
            }
        }
        for (var constraint : table.constraints()) {
            var check = constraint.check();
            if (check != null && check.full().equals(tree)) {
                return check.pretty();
            }
        }
        return tree;
    }

    /**
     * The sequence of a column that counts by itself.
     *
     * @param connection the caller's
     * @param table the table's name
     * @param column the column's name
     * @return the sequence with its schema; null where the column has none
     * @throws PgException 42P01, 42703
     */
    public static @Nullable String serialSequence(
            Connection connection, @Nullable String table, @Nullable String column) {
        Long oid = NameFunctions.regclass(connection, table);
        if (oid == null || column == null) {
            return null;
        }
        Model model = Caller.context(connection).model();
        Relation relation = model.relation(oid.intValue());
        for (Attribute each : relation == null ? List.<Attribute>of() : relation.columns()) {
            if (each.name().equals(column)) {
                var sequence = each.sequence() == 0 ? null : model.named(each.sequence());
                return sequence == null ? null : model.qualified(sequence);
            }
        }
        throw new PgException(
                SqlState.UNDEFINED_COLUMN,
                "column \"" + column + "\" of relation \"" + table + "\" does not exist");
    }

    /**
     * How a table is partitioned; none is.
     *
     * @param oid the table
     * @return null
     */
    public static @Nullable String partitionKey(@Nullable Long oid) {
        return null;
    }

    // ---- comments

    /**
     * The comment of an object.
     *
     * @param connection the caller's
     * @param oid the object
     * @return null where it has none
     */
    public static @Nullable String description(Connection connection, @Nullable Long oid) {
        return comment(connection, oid, null, 0);
    }

    /**
     * The comment of an object.
     *
     * @param connection the caller's
     * @param oid the object
     * @param catalog the catalog that holds it
     * @return null where it has none
     */
    public static @Nullable String description(
            Connection connection, @Nullable Long oid, @Nullable String catalog) {
        return catalog == null ? null : comment(connection, oid, catalog, 0);
    }

    /**
     * The comment of a column.
     *
     * @param connection the caller's
     * @param table the table
     * @param column the column's number
     * @return null where it has none
     */
    public static @Nullable String columnDescription(
            Connection connection, @Nullable Long table, @Nullable Integer column) {
        return column == null ? null : comment(connection, table, "pg_class", column);
    }

    /**
     * The comment of an object that all databases share.
     *
     * @param connection the caller's
     * @param oid the object
     * @param catalog the catalog that holds it
     * @return null where it has none
     */
    public static @Nullable String sharedDescription(
            Connection connection, @Nullable Long oid, @Nullable String catalog) {
        boolean isDatabase =
                oid != null && oid == Context.DATABASE && "pg_database".equals(catalog);
        return isDatabase ? "default administrative connection database" : null;
    }

    private static @Nullable String comment(
            Connection connection, @Nullable Long oid, @Nullable String catalog, int part) {
        if (oid == null) {
            return null;
        }
        EngineSession session = EngineSession.of(connection);
        int catalogOid = 0;
        if (catalog != null) {
            var system =
                    Caller.context(connection).model().named(SystemRelations.PG_CATALOG, catalog);
            if (system == null) {
                return null;
            }
            catalogOid = system.oid();
        }
        return Comments.of(session, Caller.context(connection)).find(oid, catalogOid, part);
    }
}
