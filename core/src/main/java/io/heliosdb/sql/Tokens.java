package io.heliosdb.sql;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * The tokens of one string of statements, in flat arrays; the last one is {@link Token#END}. Filled
 * once by {@link Scanner}.
 */
final class Tokens {
    final String sql;
    int count;

    /** What keeps the text from being read further; its place is the token before the last. */
    @Nullable PgException failure;

    Token[] kinds;
    int[] starts;
    int[] ends;
    String[] texts;

    Tokens(String sql) {
        this.sql = sql;
        int capacity = Math.max(16, sql.length() / 4);
        kinds = new Token[capacity];
        starts = new int[capacity];
        ends = new int[capacity];
        texts = new String[capacity];
    }

    void add(Token kind, int start, int end, String text) {
        if (count == kinds.length) {
            grow();
        }
        kinds[count] = kind;
        starts[count] = start;
        ends[count] = end;
        texts[count] = text;
        count++;
    }

    /** The text as it was written. */
    String raw(int token) {
        return sql.substring(starts[token], ends[token]);
    }

    /** A syntax error at a token, in PostgreSQL's words. */
    PgException syntaxError(int token) {
        if (failure != null && token >= count - 2) {
            return failure;
        }
        if (kinds[token] == Token.NATIONAL) {
            return error(
                    SqlState.SYNTAX_ERROR,
                    "syntax error at or near \"" + sql.charAt(starts[token]) + '"',
                    starts[token]);
        }
        if (kinds[token] == Token.END) {
            return error(SqlState.SYNTAX_ERROR, "syntax error at end of input", starts[token]);
        }
        return error(
                SqlState.SYNTAX_ERROR,
                "syntax error at or near \"" + raw(token) + '"',
                starts[token]);
    }

    /** An error at a token. */
    PgException error(int token, SqlState state, String message) {
        return error(state, message, starts[token]);
    }

    private PgException error(SqlState state, String message, int index) {
        return new PgException(state, message).withPosition(Scanner.position(sql, index));
    }

    private void grow() {
        int capacity = count * 2;
        kinds = Arrays.copyOf(kinds, capacity);
        starts = Arrays.copyOf(starts, capacity);
        ends = Arrays.copyOf(ends, capacity);
        texts = Arrays.copyOf(texts, capacity);
    }
}
