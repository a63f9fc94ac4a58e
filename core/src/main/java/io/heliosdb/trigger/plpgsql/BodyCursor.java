package io.heliosdb.trigger.plpgsql;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.BodyTokens;
import io.heliosdb.sql.Token;

import java.util.Set;

/** Where the reader of a body stands, and the small questions that its rules ask. */
final class BodyCursor {
    /** Words that are never names in a body. */
    private static final Set<String> RESERVED =
            Set.of(
                    "all", "begin", "by", "case", "declare", "else", "end", "execute", "for",
                    "foreach", "from", "if", "in", "into", "loop", "not", "null", "or", "strict",
                    "then", "to", "using", "when", "while");

    final String source;
    final BodyTokens tokens;
    int at;

    private int countedTo;
    private int lines = 1;

    BodyCursor(String source) {
        this.source = source;
        tokens = BodyTokens.of(source);
    }

    boolean atEnd() {
        return tokens.kind(at) == Token.END;
    }

    String text() {
        return tokens.text(at);
    }

    boolean isWord(String word) {
        return isWord(at, word);
    }

    boolean isWord(int token, String word) {
        return token < tokens.count()
                && tokens.kind(token) == Token.WORD
                && tokens.text(token).equals(word);
    }

    boolean tryWord(String word) {
        if (!isWord(word)) {
            return false;
        }
        at++;
        return true;
    }

    void requireWord(String word) {
        if (!tryWord(word)) {
            throw syntaxError();
        }
    }

    boolean is(String symbol) {
        return is(at, symbol);
    }

    /** Whether a token is that punctuation or operator. */
    boolean is(int token, String symbol) {
        if (token >= tokens.count()) {
            return false;
        }
        Token kind = tokens.kind(token);
        return (kind == Token.PUNCTUATION || kind == Token.OPERATOR)
                && tokens.text(token).equals(symbol);
    }

    boolean trySymbol(String symbol) {
        if (!is(symbol)) {
            return false;
        }
        at++;
        return true;
    }

    void require(String symbol) {
        if (!trySymbol(symbol)) {
            throw syntaxError();
        }
    }

    boolean isName(int token) {
        return tokens.kind(token) == Token.QUOTED_NAME
                || (tokens.kind(token) == Token.WORD && !RESERVED.contains(tokens.text(token)));
    }

    /** A name, folded and cut. */
    String name() {
        if (!isName(at)) {
            throw syntaxError();
        }
        return Identifier.truncate(tokens.text(at++));
    }

    /** A name where also a reserved word may stand. */
    String anyName() {
        if (tokens.kind(at) != Token.QUOTED_NAME && tokens.kind(at) != Token.WORD) {
            throw syntaxError();
        }
        return Identifier.truncate(tokens.text(at++));
    }

    String string() {
        if (tokens.kind(at) != Token.STRING) {
            throw syntaxError();
        }
        return tokens.text(at++);
    }

    /** The line of a token; asked for mostly in their order. */
    int line(int token) {
        int index = tokens.start(token);
        if (index < countedTo) {
            countedTo = 0;
            lines = 1;
        }
        for (; countedTo < index; countedTo++) {
            if (source.charAt(countedTo) == '\n') {
                lines++;
            }
        }
        return lines;
    }

    /** The source between two tokens, the second not with it. */
    String between(int from, int to) {
        return to > from ? source.substring(tokens.start(from), tokens.end(to - 1)) : "";
    }

    PgException syntaxError() {
        return tokens.syntaxError(at);
    }

    /** 42601 in the words of the body's own grammar, with what it is near. */
    PgException near(String message, int token) {
        String what =
                tokens.kind(token) == Token.END
                        ? " at end of input"
                        : " at or near \""
                                + source.substring(tokens.start(token), tokens.end(token))
                                + '"';
        return tokens.error(token, SqlState.SYNTAX_ERROR, message + what);
    }

    PgException error(int token, SqlState state, String message) {
        return tokens.error(token, state, message);
    }

    PgException error(int token, String message) {
        return tokens.error(token, SqlState.SYNTAX_ERROR, message);
    }
}
