package io.heliosdb.sql;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Facts.RowReference;
import io.heliosdb.sql.Facts.Site;
import io.heliosdb.sql.QueryGrammar.Item;
import io.heliosdb.sql.Rewritten.CommandTag;
import io.heliosdb.sql.Rewritten.ResultColumn;
import io.heliosdb.sql.Statement.Engine.Kind;
import io.heliosdb.sql.TriggerDefinition.BodyText;
import io.heliosdb.sql.TriggerDefinition.Event;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives a statement to the engine in its own dialect. Safe for use by many threads; results may be
 * kept until the schema changes.
 */
public final class Rewriter {
    /** Creates a rewriter. */
    public Rewriter() {}

    /**
     * Rewrites a statement.
     *
     * @param statement what to rewrite
     * @param schema describes the tables it names
     * @param parameterOids the types that the client gives its parameters; 0 or missing where it
     *     gives none
     * @return the statement as the engine executes it
     * @throws PgException 42P01, 42703, 42P10, 42P18, 0A000
     */
    public Rewritten rewrite(Statement.Engine statement, SchemaLookup schema, int[] parameterOids) {
        SyntaxTree tree = statement.tree();
        SyntaxTree body = tree.shape instanceof Shape.Explain explain ? explain.tree() : tree;
        if (!body.facts.rowReferences.isEmpty() && body.shape instanceof Shape.Insert) {
            requireNoRow(body);
        }
        var parameters = new Parameters(body, parameterOids, schema);
        var rewriting = new Rewriting(body, schema, body.edits.copy());
        parameters.apply(rewriting.edits);
        String sql = rewriting.sql();
        if (tree.kind == Kind.EXPLAIN) {
            sql = tree.tag + ' ' + sql;
        }
        boolean rows = returnsRows(tree);
        return new Rewritten(
                sql,
                parameters.count(),
                parameters.oids(),
                tag(tree),
                rows,
                tree.kind == Kind.EXPLAIN
                        ? List.of(new ResultColumn("QUERY PLAN", Oid.TEXT, -1))
                        : columns(body.items, parameters),
                tree.isWrite(),
                rewriting.retryOnUnique,
                rewriting.usesSchema,
                isZeroColumns(tree),
                tree.shape instanceof Shape.Fixed fixed ? fixed.rest() : List.of(),
                tree.facts.definition,
                List.copyOf(body.facts.updated),
                body.shape instanceof Shape.Insert insert
                        && insert.conflict().action() == Shape.Conflict.UPDATE,
                tree.facts.notice);
    }

    /**
     * Rewrites a condition, to be put into a statement for the engine.
     *
     * @param condition as {@link Statement.Copy#where} has it
     * @param schema describes the tables it names
     * @return an expression
     */
    public String condition(Statement.Engine condition, SchemaLookup schema) {
        SyntaxTree tree = condition.tree();
        return new Rewriting(tree, schema, tree.edits.copy()).sql();
    }

    private static void requireNoRow(SyntaxTree body) {
        // VALUES of an INSERT see no table, so that NEW.x can be nothing but a trigger's row.
        if (body.shape instanceof Shape.Insert insert
                && insert.rows() != null
                && insert.conflict().sets() == null
                && insert.returning() == null) {
            RowReference reference = body.facts.rowReferences.getFirst();
            throw body.tokens.error(
                    reference.from(),
                    SqlState.UNDEFINED_TABLE,
                    "missing FROM-clause entry for table \""
                            + (reference.old() ? "old" : "new")
                            + '"');
        }
    }

    private static boolean returnsRows(SyntaxTree tree) {
        return switch (tree.kind) {
            case SELECT, EXPLAIN -> true;
            case INSERT, UPDATE, DELETE -> !tree.items.isEmpty();
            case MERGE, DDL -> false;
        };
    }

    private static boolean isZeroColumns(SyntaxTree tree) {
        return tree.kind == Kind.SELECT
                && tree.items.isEmpty()
                && tree.shape instanceof Shape.Select;
    }

    private static CommandTag tag(SyntaxTree tree) {
        return switch (tree.kind) {
            case SELECT, INSERT, UPDATE, DELETE, MERGE -> new CommandTag(tree.tag, true);
            case DDL -> new CommandTag(tree.tag, tree.tag.equals("SELECT"));
            case EXPLAIN -> new CommandTag("EXPLAIN", false);
        };
    }

    private static List<ResultColumn> columns(List<Item> items, Parameters parameters) {
        var columns = new ArrayList<ResultColumn>(items.size());
        for (Item item : items) {
            if (item.star()) {
                return List.of();
            }
            columns.add(column(item, parameters));
        }
        return List.copyOf(columns);
    }

    private static ResultColumn column(Item item, Parameters parameters) {
        Expression expression = item.expression();
        String label = item.label().isEmpty() ? expression.label() : item.label();
        SqlType type = expression.type();
        return switch (expression.form()) {
            case STRING, NULL -> new ResultColumn(label, Oid.TEXT, -1);
            case PARAMETER -> new ResultColumn(label, parameters.itemOid(expression.from()), -1);
            default ->
                    type == null
                            ? new ResultColumn(label, 0, -1)
                            : new ResultColumn(label, type.resultOid(), type.modifier());
        };
    }

    /**
     * Rewrites a statement or condition of a trigger, with NEW.x and OLD.x as parameters.
     *
     * @param definition the trigger
     * @param text its condition or one of its statements
     * @param table the trigger's table
     * @param schema describes the tables that the statement names
     * @return the statement as the engine executes it
     * @throws PgException 42703 for a column that the table does not have, with its position in the
     *     definition's source; 42P17 for a row that the trigger's event does not have
     */
    public BodyStatement bind(
            TriggerDefinition definition, BodyText text, TableMetadata table, SchemaLookup schema) {
        SyntaxTree tree = text.tree();
        if (!tree.facts.sites.isEmpty()) {
            Site site = tree.facts.sites.getFirst();
            throw at(
                    definition,
                    text,
                    tree,
                    site.token(),
                    SqlState.UNDEFINED_PARAMETER,
                    "there is no parameter $" + site.number());
        }
        Edits edits = tree.edits.copy();
        Map<BodyStatement.Reference, Integer> numbers = new LinkedHashMap<>();
        for (RowReference reference : tree.facts.rowReferences) {
            TableMetadata.Column column = requireColumn(definition, text, tree, reference, table);
            var key = new BodyStatement.Reference(reference.old(), column.name());
            int number = numbers.computeIfAbsent(key, ignored -> numbers.size() + 1);
            edits.fixKeepingAround(
                    reference.from(),
                    reference.to(),
                    column.isJson()
                            ? "helios_json(?" + number + ')'
                            : "CAST(?" + number + " AS " + column.engineType() + ')');
        }
        compareFlags(tree, table, edits);
        boolean condition = tree.shape instanceof Shape.Condition;
        String sql =
                condition
                        ? "SELECT " + edits.render(tree.from, tree.to)
                        : new Rewriting(tree, schema, edits).sql();
        return new BodyStatement(
                sql, List.copyOf(numbers.keySet()), condition || returnsRows(tree), tree.isWrite());
    }

    /** NEW.flag = 1 of a Boolean column is NEW.flag = TRUE. */
    private static void compareFlags(SyntaxTree tree, TableMetadata table, Edits edits) {
        for (Facts.FlagComparison comparison : tree.facts.flagComparisons) {
            for (RowReference reference : tree.facts.rowReferences) {
                boolean flag =
                        reference.from() == comparison.columnFrom()
                                && table.column(reference.column())
                                        .filter(TableMetadata.Column::isBoolean)
                                        .isPresent();
                if (flag) {
                    boolean one = tree.tokens.texts[comparison.number()].equals("1");
                    edits.replace(comparison.number(), one ? "TRUE" : "FALSE");
                }
            }
        }
    }

    private static TableMetadata.Column requireColumn(
            TriggerDefinition definition,
            BodyText text,
            SyntaxTree tree,
            RowReference reference,
            TableMetadata table) {
        for (Event event : definition.events()) {
            boolean missing = reference.old() ? event == Event.INSERT : event == Event.DELETE;
            if (missing && definition.events().size() == 1) {
                throw at(
                        definition,
                        text,
                        tree,
                        reference.from(),
                        SqlState.INVALID_OBJECT_DEFINITION,
                        event
                                + " trigger's "
                                + (tree.shape instanceof Shape.Condition
                                        ? "WHEN condition"
                                        : "body")
                                + " cannot reference "
                                + (reference.old() ? "OLD" : "NEW")
                                + " values");
            }
        }
        return table.column(reference.column())
                .orElseThrow(() ->
                        at(
                                definition,
                                text,
                                tree,
                                reference.to() - 1,
                                SqlState.UNDEFINED_COLUMN,
                                "record \""
                                        + (reference.old() ? "old" : "new")
                                        + "\" has no field \""
                                        + reference.column()
                                        + '"'));
    }

    /** An error at a token of a body, with its position in the source of the definition. */
    private static PgException at(
            TriggerDefinition definition,
            BodyText text,
            SyntaxTree tree,
            int token,
            SqlState state,
            String message) {
        int index = text.offset() + tree.tokens.starts[token] - tree.tokens.starts[tree.from];
        return new PgException(state, message)
                .withPosition(Scanner.position(definition.source(), index));
    }
}
