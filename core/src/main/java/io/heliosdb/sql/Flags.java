package io.heliosdb.sql;

import java.util.Optional;
import java.util.function.Function;

/** Columns that are compared with 0 and 1. */
final class Flags {
    private Flags() {}

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
            if (isBoolean(tree, comparison, schema)) {
                edits.replace(
                        comparison.number(),
                        tree.tokens.texts[comparison.number()].equals("1") ? "TRUE" : "FALSE");
            }
        }
    }

    private static boolean isBoolean(
            SyntaxTree tree,
            Facts.FlagComparison comparison,
            Function<TableName, Optional<TableMetadata>> schema) {
        Tokens tokens = tree.tokens;
        int last = comparison.columnTo() - 1;
        if (tokens.kinds[last] != Token.WORD && tokens.kinds[last] != Token.QUOTED_NAME) {
            return false;
        }
        String column = tokens.texts[last];
        String qualifier = last > comparison.columnFrom() ? tokens.texts[last - 2] : "";
        for (Facts.Relation relation : tree.facts.relations) {
            if (qualifier.isEmpty() || qualifier.equals(relation.alias())) {
                Optional<TableMetadata> table = schema.apply(relation.table());
                Optional<TableMetadata.Column> found =
                        table.flatMap(metadata -> metadata.column(column));
                if (found.isPresent()) {
                    return found.get().isBoolean();
                }
            }
        }
        return false;
    }
}
