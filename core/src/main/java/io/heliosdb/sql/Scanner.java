package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

/**
 * Splits a string of statements into tokens by PostgreSQL's rules, and takes SQLite's {@code ?} and
 * {@code ?1} where a value may stand. Confined to the thread that parses.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-syntax-lexical.html">PostgreSQL: lexical
 *     structure</a>
 * @see <a href="https://www.sqlite.org/lang_expr.html#varparam">SQLite: parameters</a>
 */
final class Scanner {
    private static final String SELF = ",()[].;:+-*/%^<>=";
    private static final String OPERATOR = "~!@#^&|`?+-*/%<>=";
    private static final int PARAMETERS_MAX = 65_535;

    private final String sql;
    private final Tokens tokens;
    private final StringScanner strings;
    int at;

    private Scanner(String sql) {
        this.sql = sql;
        this.tokens = new Tokens(sql);
        this.strings = new StringScanner(this, sql, tokens);
    }

    /** All tokens of the text. */
    static Tokens scan(String sql) {
        var scanner = new Scanner(sql);
        try {
            scanner.run();
        } catch (PgException e) {
            scanner.stop(e);
        }
        return scanner.tokens;
    }

    /** The position of a character, counted in characters from 1 as PostgreSQL does. */
    static int position(String sql, int index) {
        return sql.codePointCount(0, Math.min(index, sql.length())) + 1;
    }

    /** The parser meets the error where it stands: one of the grammar before it comes first. */
    private void stop(PgException failure) {
        tokens.failure = failure;
        tokens.add(Token.OTHER, sql.length(), sql.length(), "");
        tokens.add(Token.END, sql.length(), sql.length(), "");
    }

    private void run() {
        while (true) {
            skipBlanks();
            if (at >= sql.length()) {
                tokens.add(Token.END, sql.length(), sql.length(), "");
                return;
            }
            token(sql.charAt(at));
        }
    }

    private void token(char c) {
        if (isIdentifierStart(c)) {
            word(c);
        } else if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
            number();
        } else {
            switch (c) {
                case '\'' -> strings.plainString(at, at);
                case '"' -> strings.quotedName(at, at, false);
                case '$' -> dollar();
                default -> punctuationOrOperator(c);
            }
        }
    }

    // ---- blanks and comments

    void skipBlanks() {
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (isBlank(c)) {
                at++;
            } else if (c == '-' && peek(1) == '-') {
                skipLine();
            } else if (c == '/' && peek(1) == '*') {
                skipComment();
            } else {
                return;
            }
        }
    }

    private void skipLine() {
        while (at < sql.length() && sql.charAt(at) != '\n' && sql.charAt(at) != '\r') {
            at++;
        }
    }

    private void skipComment() {
        int start = at;
        int depth = 1;
        at += 2;
        while (depth > 0) {
            if (at >= sql.length()) {
                throw near("unterminated /* comment", start);
            }
            char c = sql.charAt(at);
            if (c == '/' && peek(1) == '*') {
                depth++;
                at += 2;
            } else if (c == '*' && peek(1) == '/') {
                depth--;
                at += 2;
            } else {
                at++;
            }
        }
    }

    // ---- words

    private void word(char c) {
        char next = peek(1);
        if (next == '\'') {
            switch (c) {
                case 'e', 'E' -> {
                    strings.escapeString();
                    return;
                }
                case 'n', 'N' -> {
                    strings.national();
                    return;
                }
                case 'b', 'B', 'x', 'X' -> {
                    strings.bits();
                    return;
                }
                default -> {}
            }
        }
        if ((c == 'u' || c == 'U') && next == '&' && (peek(2) == '\'' || peek(2) == '"')) {
            strings.unicode();
            return;
        }
        int start = at++;
        while (at < sql.length() && isIdentifierPart(sql.charAt(at))) {
            at++;
        }
        tokens.add(Token.WORD, start, at, Identifier.fold(sql.substring(start, at)));
    }

    // ---- dollars

    private void dollar() {
        int start = at;
        if (isDigit(peek(1))) {
            at++;
            int from = at;
            while (at < sql.length() && isDigit(sql.charAt(at))) {
                at++;
            }
            if (at < sql.length() && isIdentifierStart(sql.charAt(at))) {
                while (at < sql.length() && isIdentifierPart(sql.charAt(at))) {
                    at++;
                }
                throw error(
                        "trailing junk after parameter at or near \""
                                + sql.substring(start, at)
                                + '"',
                        start);
            }
            parameter(start, from);
            return;
        }
        @Nullable String tag = dollarTag();
        if (tag == null) {
            at++;
            tokens.add(Token.OTHER, start, at, "$");
            return;
        }
        int close = sql.indexOf(tag, start + tag.length());
        if (close < 0) {
            throw near("unterminated dollar-quoted string", start);
        }
        at = close + tag.length();
        tokens.add(Token.STRING, start, at, sql.substring(start + tag.length(), close));
    }

    private @Nullable String dollarTag() {
        int i = at + 1;
        if (i < sql.length() && isDigit(sql.charAt(i))) {
            return null;
        }
        while (i < sql.length() && isIdentifierPart(sql.charAt(i)) && sql.charAt(i) != '$') {
            i++;
        }
        return i < sql.length() && sql.charAt(i) == '$' ? sql.substring(at, i + 1) : null;
    }

    private void parameter(int start, int from) {
        String digits = sql.substring(from, at);
        int number = digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
        if (number < 1 || number > PARAMETERS_MAX) {
            throw new PgException(SqlState.UNDEFINED_PARAMETER, "there is no parameter $" + digits)
                    .withPosition(position(sql, start));
        }
        tokens.add(Token.PARAMETER, start, at, Integer.toString(number));
    }

    // ---- numbers

    private void number() {
        int start = at;
        boolean whole = true;
        skipDigits();
        if (at < sql.length() && sql.charAt(at) == '.' && peek(1) != '.') {
            whole = false;
            at++;
            skipDigits();
        }
        if (at < sql.length() && (sql.charAt(at) == 'e' || sql.charAt(at) == 'E')) {
            int sign = peek(1) == '+' || peek(1) == '-' ? 2 : 1;
            if (isDigit(peek(sign))) {
                whole = false;
                at += sign;
                skipDigits();
            }
        }
        if (at < sql.length() && isIdentifierStart(sql.charAt(at))) {
            while (at < sql.length() && isIdentifierPart(sql.charAt(at))) {
                at++;
            }
            throw error(
                    "trailing junk after numeric literal at or near \""
                            + sql.substring(start, at)
                            + '"',
                    start);
        }
        String text = sql.substring(start, at);
        tokens.add(whole && fitsInt(text) ? Token.INTEGER : Token.NUMBER, start, at, text);
    }

    private static boolean fitsInt(String digits) {
        return digits.length() < 10
                || (digits.length() < 20
                        && Long.parseLong(digits.length() > 18 ? "9999999999" : digits)
                                <= Integer.MAX_VALUE);
    }

    private void skipDigits() {
        while (at < sql.length() && isDigit(sql.charAt(at))) {
            at++;
        }
    }

    // ---- operators

    private void punctuationOrOperator(char c) {
        int start = at;
        char next = peek(1);
        @Nullable String pair =
                c == ':' && next == ':'
                        ? "::"
                        : c == ':' && next == '=' ? ":=" : c == '.' && next == '.' ? ".." : null;
        if (pair != null) {
            at += 2;
            tokens.add(Token.PUNCTUATION, start, at, pair);
            return;
        }
        if (c == '?' && operandMayStart()) {
            question();
            return;
        }
        if (OPERATOR.indexOf(c) < 0) {
            at++;
            tokens.add(
                    SELF.indexOf(c) >= 0 ? Token.PUNCTUATION : Token.OTHER,
                    start,
                    at,
                    String.valueOf(c));
            return;
        }
        int end = operatorEnd(start);
        at = end;
        String text = sql.substring(start, end);
        if (text.equals("=>")) {
            tokens.add(Token.PUNCTUATION, start, end, text);
        } else {
            tokens.add(Token.OPERATOR, start, end, text.equals("!=") ? "<>" : text);
        }
    }

    private int operatorEnd(int start) {
        int end = start;
        while (end < sql.length() && OPERATOR.indexOf(sql.charAt(end)) >= 0) {
            if (end + 1 < sql.length() && isCommentStart(end)) {
                break;
            }
            // A parameter written against its operator, as in id=?, is no part of it.
            if (end > start && sql.charAt(end) == '?' && sql.charAt(end - 1) != '@') {
                break;
            }
            end++;
        }
        int length = end - start;
        if (length > 1
                && (sql.charAt(end - 1) == '+' || sql.charAt(end - 1) == '-')
                && !hasOddCharacter(start, end)) {
            while (end - start > 1 && (sql.charAt(end - 1) == '+' || sql.charAt(end - 1) == '-')) {
                end--;
            }
        }
        if (end - start >= Identifier.BYTES_MAX + 1) {
            throw error("operator too long at or near \"" + sql.substring(start, end) + '"', start);
        }
        return end;
    }

    private boolean isCommentStart(int i) {
        char c = sql.charAt(i);
        char next = sql.charAt(i + 1);
        return (c == '-' && next == '-') || (c == '/' && next == '*');
    }

    private boolean hasOddCharacter(int start, int end) {
        for (int i = start; i < end; i++) {
            if ("~!@#^&|`?%".indexOf(sql.charAt(i)) >= 0) {
                return true;
            }
        }
        return false;
    }

    private void question() {
        int start = at++;
        int from = at;
        skipDigits();
        if (at > from) {
            parameter(start, from);
        } else {
            tokens.add(Token.QUESTION, start, at, "?");
        }
    }

    /**
     * Whether what came before leaves the grammar waiting for a value, so that a question mark is a
     * parameter.
     */
    private boolean operandMayStart() {
        if (tokens.count == 0) {
            return true;
        }
        int last = tokens.count - 1;
        String text = tokens.texts[last];
        return switch (tokens.kinds[last]) {
            case OPERATOR, OTHER, END -> true;
            case QUOTED_NAME, STRING, BITS, NATIONAL, INTEGER, NUMBER, PARAMETER, QUESTION -> false;
            case PUNCTUATION -> !text.equals(")") && !text.equals("]");
            case WORD -> wordWantsOperand(text);
        };
    }

    private static boolean wordWantsOperand(String word) {
        return switch (word) {
            case "null",
                    "true",
                    "false",
                    "end",
                    "user",
                    "current_date",
                    "current_time",
                    "current_timestamp",
                    "current_user",
                    "current_role",
                    "current_catalog",
                    "current_schema",
                    "localtime",
                    "localtimestamp",
                    "session_user",
                    "default" ->
                    false;
            case "between", "by", "escape", "to", "replace", "zone", "values", "first", "next" ->
                    true;
            default -> {
                Keyword.Kind kind = Keyword.kind(word);
                yield kind == Keyword.Kind.RESERVED || kind == Keyword.Kind.TYPE_FUNCTION_NAME;
            }
        };
    }

    // ---- characters

    char peek(int ahead) {
        return at + ahead < sql.length() ? sql.charAt(at + ahead) : '\0';
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isIdentifierStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
    }

    static boolean isIdentifierPart(char c) {
        return isIdentifierStart(c) || isDigit(c) || c == '$';
    }

    PgException near(String message, int start) {
        return error(message + nearText(start), start);
    }

    String nearText(int start) {
        return start >= sql.length()
                ? " at end of input"
                : " at or near \"" + sql.substring(start) + '"';
    }

    PgException error(String message, int start) {
        return new PgException(SqlState.SYNTAX_ERROR, message).withPosition(position(sql, start));
    }
}
