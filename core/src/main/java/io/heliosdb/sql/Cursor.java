package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;

import java.util.Optional;

/**
 * Where the parser stands in the tokens, and the small questions that every rule of the grammar
 * asks.
 */
final class Cursor {
    /**
     * How deep expressions and queries may nest; the engine needs about ten frames of stack for
     * each level.
     */
    static final int DEPTH_MAX = 250;

    final Tokens tokens;
    int at;
    private int depth;

    Cursor(Tokens tokens) {
        this.tokens = tokens;
    }

    Token kind() {
        return tokens.kinds[at];
    }

    String text() {
        return tokens.texts[at];
    }

    boolean atEnd() {
        return kind() == Token.END;
    }

    /** Whether the current token is the unquoted word. */
    boolean isWord(String word) {
        return isWord(at, word);
    }

    /** Whether a token after the current one is the unquoted word. */
    boolean isWordAhead(int ahead, String word) {
        return at + ahead < tokens.count && isWord(at + ahead, word);
    }

    private boolean isWord(int token, String word) {
        return tokens.kinds[token] == Token.WORD && tokens.texts[token].equals(word);
    }

    boolean isPunctuation(String text) {
        return isPunctuationAhead(0, text);
    }

    boolean isPunctuationAhead(int ahead, String text) {
        int i = at + ahead;
        return i < tokens.count
                && (tokens.kinds[i] == Token.PUNCTUATION || tokens.kinds[i] == Token.OPERATOR)
                && tokens.texts[i].equals(text);
    }

    boolean tryWord(String word) {
        if (isWord(word)) {
            at++;
            return true;
        }
        return false;
    }

    /** Takes two words or none. */
    boolean tryWords(String first, String second) {
        if (isWord(first) && isWordAhead(1, second)) {
            at += 2;
            return true;
        }
        return false;
    }

    boolean tryPunctuation(String text) {
        if (isPunctuation(text)) {
            at++;
            return true;
        }
        return false;
    }

    void requireWord(String word) {
        if (!tryWord(word)) {
            throw syntaxError();
        }
    }

    void requirePunctuation(String text) {
        if (!tryPunctuation(text)) {
            throw syntaxError();
        }
    }

    PgException syntaxError() {
        return tokens.syntaxError(at);
    }

    PgException error(SqlState state, String message) {
        return tokens.error(at, state, message);
    }

    /** Whether the current token can name a column, table or channel. */
    boolean isColumnId() {
        return isColumnId(at);
    }

    boolean isColumnId(int token) {
        if (tokens.kinds[token] == Token.QUOTED_NAME) {
            return true;
        }
        if (tokens.kinds[token] != Token.WORD) {
            return false;
        }
        Keyword.Kind kind = Keyword.kind(tokens.texts[token]);
        return kind == null || kind == Keyword.Kind.UNRESERVED || kind == Keyword.Kind.COLUMN_NAME;
    }

    /** Whether a token can name a function or a type. */
    boolean isTypeFunctionName(int token) {
        if (tokens.kinds[token] == Token.QUOTED_NAME) {
            return true;
        }
        if (tokens.kinds[token] != Token.WORD) {
            return false;
        }
        Keyword.Kind kind = Keyword.kind(tokens.texts[token]);
        return kind == null
                || kind == Keyword.Kind.UNRESERVED
                || kind == Keyword.Kind.TYPE_FUNCTION_NAME;
    }

    boolean isLabel() {
        return kind() == Token.QUOTED_NAME || kind() == Token.WORD;
    }

    /** A name of a column, table, savepoint and the like, cut to 63 bytes. */
    String columnId() {
        if (!isColumnId()) {
            throw syntaxError();
        }
        return Identifier.truncate(tokens.texts[at++]);
    }

    /** Any word or quoted name. */
    String label() {
        if (!isLabel()) {
            throw syntaxError();
        }
        return Identifier.truncate(tokens.texts[at++]);
    }

    /** A name that may be any word but a reserved one. */
    String nonReservedWord() {
        if (kind() == Token.WORD && Keyword.kind(text()) == Keyword.Kind.RESERVED) {
            throw syntaxError();
        }
        return label();
    }

    /** A name, or ANALYZE, which is reserved but an option of EXPLAIN. */
    String nonReservedWordOrAnalyze() {
        return isWord("analyze") || isWord("analyse") ? tokens.texts[at++] : nonReservedWord();
    }

    /** The notice that a name was cut, where it was. */
    Optional<Report> truncationNotice(int token) {
        String full = tokens.texts[token];
        String cut = Identifier.truncate(full);
        return cut.length() == full.length()
                ? Optional.empty()
                : Optional.of(
                        Report.of(
                                Severity.NOTICE,
                                SqlState.NAME_TOO_LONG,
                                "identifier \"" + full + "\" will be truncated to \"" + cut + '"'));
    }

    String string() {
        if (kind() != Token.STRING) {
            throw syntaxError();
        }
        return tokens.texts[at++];
    }

    TableName tableName() {
        String first = columnId();
        if (!tryPunctuation(".")) {
            return new TableName(Optional.empty(), first);
        }
        String second = label();
        if (tryPunctuation(".")) {
            String third = label();
            return new TableName(Optional.of(second), third);
        }
        return new TableName(Optional.of(first), second);
    }

    void enter() {
        if (++depth > DEPTH_MAX) {
            throw new PgException(new SqlState("54001"), "stack depth limit exceeded")
                    .withHint("The statement nests deeper than " + DEPTH_MAX + " levels.")
                    .withPosition(Scanner.position(tokens.sql, tokens.starts[at]));
        }
    }

    void leave() {
        depth--;
    }
}
