package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;

import org.jspecify.annotations.Nullable;

/** A sequence in FROM, which is a table of one row. */
final class SequenceRelations {
    private SequenceRelations() {}

    /** Has a sequence stand as a table of its columns; false where the name is that of a table. */
    static boolean read(
            Grammar grammar, int from, int end, TableName name, @Nullable String alias) {
        if (!asksForColumns(grammar.tokens)
                || grammar.facts.commons.stream().anyMatch(each -> each.name().equals(name.name()))
                || grammar.schema.table(name).isPresent()) {
            return false;
        }
        String quoted = Identifier.quote(name.name());
        String schema = name.schema().map(each -> Identifier.quote(each) + '.').orElse("");
        String text = Edits.string(schema + quoted);
        grammar.edits.fix(
                from,
                end,
                ("(SELECT helios_sequence_last(%1$s) AS last_value, CAST(0 AS BIGINT) AS log_cnt,"
                                + " helios_sequence_called(%1$s) AS is_called)%2$s")
                        .formatted(text, alias == null ? " AS " + quoted : ""));
        return true;
    }

    private static boolean asksForColumns(Tokens tokens) {
        for (int i = 0; i < tokens.count - 1; i++) {
            boolean isColumn =
                    tokens.texts[i].equals("last_value") || tokens.texts[i].equals("is_called");
            if (isColumn && tokens.kinds[i] == Token.WORD && !tokens.texts[i + 1].equals("(")) {
                return true;
            }
        }
        return false;
    }
}
