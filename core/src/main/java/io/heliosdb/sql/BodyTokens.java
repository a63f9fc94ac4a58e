package io.heliosdb.sql;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

/**
 * The tokens of a body in a procedural language, which shares the lexical rules of statements. The
 * last one is {@link Token#END}.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-syntax-lexical.html">PostgreSQL: lexical
 *     structure</a>
 */
public final class BodyTokens {
    private final Tokens tokens;

    private BodyTokens(Tokens tokens) {
        this.tokens = tokens;
    }

    /**
     * Splits a body.
     *
     * @param text the body
     * @return its tokens
     * @throws PgException 42601 for a text or comment without an end, with the position in the body
     */
    public static BodyTokens of(String text) {
        Edits.requireNoNul(text);
        var tokens = Scanner.scan(text);
        if (tokens.failure != null) {
            throw tokens.failure;
        }
        return new BodyTokens(tokens);
    }

    /**
     * How many tokens there are, with the end.
     *
     * @return at least 1
     */
    public int count() {
        return tokens.count;
    }

    /**
     * What a token is.
     *
     * @param token its index
     * @return its kind
     */
    public Token kind(int token) {
        return tokens.kinds[token];
    }

    /**
     * The meaning of a token: a word folded, a string without its quotes.
     *
     * @param token its index
     * @return the text
     */
    public String text(int token) {
        return tokens.texts[token];
    }

    /**
     * Where a token starts.
     *
     * @param token its index
     * @return an index into the body
     */
    public int start(int token) {
        return tokens.starts[token];
    }

    /**
     * Where a token ends.
     *
     * @param token its index
     * @return the index after its last character
     */
    public int end(int token) {
        return tokens.ends[token];
    }

    /**
     * The error at a token that cannot stand there.
     *
     * @param token its index
     * @return 42601 with its position in the body
     */
    public PgException syntaxError(int token) {
        return tokens.syntaxError(token);
    }

    /**
     * An error at a token.
     *
     * @param token its index
     * @param state its SQLSTATE
     * @param message its message
     * @return the error, with the token's position in the body
     */
    public PgException error(int token, SqlState state, String message) {
        return tokens.error(token, state, message);
    }
}
