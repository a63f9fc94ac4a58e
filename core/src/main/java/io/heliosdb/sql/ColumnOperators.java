package io.heliosdb.sql;

import java.util.Optional;
import java.util.function.Function;

/** What an operator means by the type of a column beside it. */
final class ColumnOperators {
    private ColumnOperators() {}

    /**
     * PostgreSQL refuses to compare a Boolean with a number, so that SQLite's meaning holds, where
     * 1 is true.
     *
     * @see <a href="https://www.sqlite.org/datatype3.html#boolean_datatype">SQLite: Boolean
     *     datatype</a>
     */
    static void compare(
            SyntaxTree tree, Edits edits, Function<TableName, Optional<TableMetadata>> schema) {
        for (Facts.FlagComparison comparison : tree.facts.flagComparisons) {
            Optional<TableMetadata.Column> column =
                    column(tree, comparison.columnFrom(), comparison.columnTo(), schema);
            if (column.filter(TableMetadata.Column::isBoolean).isPresent()) {
                edits.replace(
                        comparison.number(),
                        tree.tokens.texts[comparison.number()].equals("1") ? "TRUE" : "FALSE");
            }
        }
    }

    /** {@code ||} and {@code -} of a jsonb column. */
    static void changeJson(
            SyntaxTree tree, Edits edits, Function<TableName, Optional<TableMetadata>> schema) {
        for (Facts.JsonChange change : tree.facts.jsonChanges) {
            Expression left = change.left();
            if (column(tree, left.from(), left.to(), schema)
                    .filter(TableMetadata.Column::isJson)
                    .isPresent()) {
                edits.before(left.from(), change.function() + '(');
                edits.replace(change.mark(), ",");
                edits.after(change.right().to() - 1, ")");
            }
        }
    }

    private static Optional<TableMetadata.Column> column(
            SyntaxTree tree,
            int from,
            int to,
            Function<TableName, Optional<TableMetadata>> schema) {
        Tokens tokens = tree.tokens;
        int last = to - 1;
        if (tokens.kinds[last] != Token.WORD && tokens.kinds[last] != Token.QUOTED_NAME) {
            return Optional.empty();
        }
        String name = tokens.texts[last];
        String qualifier = last > from ? tokens.texts[last - 2] : "";
        for (Facts.Relation relation : tree.facts.relations) {
            if (qualifier.isEmpty() || qualifier.equals(relation.alias())) {
                Optional<TableMetadata.Column> found =
                        schema.apply(relation.table()).flatMap(table -> table.column(name));
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }
}
