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
    private int at;

    private Scanner(String sql) {
        this.sql = sql;
        this.tokens = new Tokens(sql);
    }

    /** All tokens of the text. */
    static Tokens scan(String sql) {
        var scanner = new Scanner(sql);
        scanner.run();
        return scanner.tokens;
    }

    /** The position of a character, counted in characters from 1 as PostgreSQL does. */
    static int position(String sql, int index) {
        return sql.codePointCount(0, Math.min(index, sql.length())) + 1;
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
                case '\'' -> plainString(at, at);
                case '"' -> quotedName(at, at, false);
                case '$' -> dollar();
                default -> punctuationOrOperator(c);
            }
        }
    }

    // ---- blanks and comments

    private void skipBlanks() {
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
                    escapeString();
                    return;
                }
                case 'n', 'N' -> {
                    int start = at++;
                    addString(Token.NATIONAL, start, quoted(start, "unterminated quoted string"));
                    return;
                }
                case 'b', 'B', 'x', 'X' -> {
                    bits();
                    return;
                }
                default -> {}
            }
        }
        if ((c == 'u' || c == 'U') && next == '&' && (peek(2) == '\'' || peek(2) == '"')) {
            unicode();
            return;
        }
        int start = at++;
        while (at < sql.length() && isIdentifierPart(sql.charAt(at))) {
            at++;
        }
        tokens.add(Token.WORD, start, at, Identifier.fold(sql.substring(start, at)));
    }

    private void quotedName(int start, int open, boolean unicode) {
        at = open + 1;
        var name = new StringBuilder();
        while (true) {
            if (at >= sql.length()) {
                throw near("unterminated quoted identifier", start);
            }
            char c = sql.charAt(at++);
            if (c == '"') {
                if (at >= sql.length() || sql.charAt(at) != '"') {
                    break;
                }
                at++;
            }
            name.append(c);
        }
        if (name.isEmpty()) {
            throw error(
                    "zero-length delimited identifier at or near \""
                            + sql.substring(start, at)
                            + '"',
                    start);
        }
        int end = at;
        String text = name.toString();
        if (unicode) {
            text = unescapeUnicode(text, start, open + 1, uescape());
        }
        tokens.add(Token.QUOTED_NAME, start, end, text);
    }

    // ---- strings

    private void plainString(int start, int open) {
        at = open;
        addString(Token.STRING, start, quoted(start, "unterminated quoted string"));
    }

    private void addString(Token kind, int start, String text) {
        tokens.add(kind, start, lastStringEnd, text);
    }

    private int lastStringEnd;

    /**
     * Reads {@code '…'} from its opening quote, with the parts that continue it on a later line.
     */
    private String quoted(int start, String unterminated) {
        var text = new StringBuilder();
        do {
            at++;
            while (true) {
                if (at >= sql.length()) {
                    throw near(unterminated, start);
                }
                char c = sql.charAt(at++);
                if (c == '\'') {
                    if (at >= sql.length() || sql.charAt(at) != '\'') {
                        break;
                    }
                    at++;
                }
                text.append(c);
            }
            lastStringEnd = at;
        } while (continues());
        return text.toString();
    }

    /**
     * Moves to the next part of a string constant when only blanks with a line break stand between.
     */
    private boolean continues() {
        int i = at;
        boolean newline = false;
        while (i < sql.length()) {
            char c = sql.charAt(i);
            if (c == '\n' || c == '\r') {
                newline = true;
                i++;
            } else if (isBlank(c)) {
                i++;
            } else if (newline && c == '-' && i + 1 < sql.length() && sql.charAt(i + 1) == '-') {
                while (i < sql.length() && sql.charAt(i) != '\n' && sql.charAt(i) != '\r') {
                    i++;
                }
            } else {
                if (newline && c == '\'') {
                    at = i;
                    return true;
                }
                return false;
            }
        }
        return false;
    }

    private void bits() {
        int start = at;
        boolean hex = sql.charAt(at) == 'x' || sql.charAt(at) == 'X';
        at++;
        String digits =
                quoted(
                        start,
                        hex
                                ? "unterminated hexadecimal string literal"
                                : "unterminated bit string literal");
        addString(Token.BITS, start, (hex ? 'x' : 'b') + digits);
    }

    private void escapeString() {
        int start = at++;
        var text = new StringBuilder();
        do {
            at++;
            escapedPart(start, text);
            lastStringEnd = at;
        } while (continues());
        addString(Token.STRING, start, text.toString());
    }

    private void escapedPart(int start, StringBuilder text) {
        while (true) {
            if (at >= sql.length()) {
                throw near("unterminated quoted string", start);
            }
            char c = sql.charAt(at++);
            if (c == '\'') {
                if (at >= sql.length() || sql.charAt(at) != '\'') {
                    return;
                }
                at++;
                text.append('\'');
            } else if (c == '\\') {
                if (at >= sql.length()) {
                    throw near("unterminated quoted string", start);
                }
                escape(text);
            } else {
                text.append(c);
            }
        }
    }

    private void escape(StringBuilder text) {
        int start = at - 1;
        char c = sql.charAt(at++);
        switch (c) {
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case 'v' -> text.append('\013');
            case 'x' -> {
                int value = digits(16, 2);
                if (value < 0) {
                    text.append('x');
                } else {
                    bytes(text, start, value);
                }
            }
            case 'u', 'U' -> text.appendCodePoint(escapedCodePoint(start, c == 'u' ? 4 : 8));
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                at--;
                bytes(text, start, digits(8, 3) & 0xff);
            }
            default -> text.append(c);
        }
    }

    /** A byte by number; the bytes of one character of UTF-8 stand one after the other. */
    private void bytes(StringBuilder text, int start, int first) {
        if (first == 0) {
            throw invalidBytes(start, "0x00");
        }
        if (first < 0x80) {
            text.append((char) first);
            return;
        }
        int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : -1;
        var hex = new StringBuilder("0x").append(Integer.toHexString(first));
        int value = first & (0x3f >> Math.max(more, 0));
        for (int i = 0; i < more; i++) {
            int next = nextEscapedByte();
            if (next >= 0) {
                hex.append(" 0x").append(Integer.toHexString(next));
            }
            if (next < 0x80 || next > 0xbf) {
                throw invalidBytes(start, hex.toString());
            }
            value = value << 6 | (next & 0x3f);
        }
        if (more < 0 || !Character.isValidCodePoint(value) || (value >= 0xd800 && value < 0xe000)) {
            throw invalidBytes(start, hex.toString());
        }
        text.appendCodePoint(value);
    }

    private int nextEscapedByte() {
        if (at + 1 >= sql.length() || sql.charAt(at) != '\\') {
            return -1;
        }
        char c = sql.charAt(at + 1);
        if (c == 'x') {
            at += 2;
            return digits(16, 2);
        }
        if (c >= '0' && c <= '7') {
            at++;
            return digits(8, 3) & 0xff;
        }
        return -1;
    }

    private int escapedCodePoint(int start, int length) {
        int value = exactDigits(length);
        if (value < 0) {
            throw new PgException(new SqlState("22025"), "invalid Unicode escape")
                    .withHint("Unicode escapes must be \\uXXXX or \\UXXXXXXXX.")
                    .withPosition(position(sql, start));
        }
        return checkedCodePoint(value, start);
    }

    /** A surrogate is kept until its other half has come; a half alone is an error. */
    private int checkedCodePoint(int value, int start) {
        if (value == 0 || value > Character.MAX_CODE_POINT) {
            throw error(
                    "invalid Unicode escape value at or near \"" + sql.substring(start, at) + '"',
                    start);
        }
        if (value >= 0xd800 && value < 0xdc00) {
            int low = followingSurrogate();
            if (low >= 0xdc00 && low < 0xe000) {
                return Character.toCodePoint((char) value, (char) low);
            }
            throw badSurrogate(start);
        }
        if (value >= 0xdc00 && value < 0xe000) {
            throw badSurrogate(start);
        }
        return value;
    }

    private int followingSurrogate() {
        if (at + 1 < sql.length()
                && sql.charAt(at) == '\\'
                && (sql.charAt(at + 1) == 'u' || sql.charAt(at + 1) == 'U')) {
            int length = sql.charAt(at + 1) == 'u' ? 4 : 8;
            at += 2;
            return exactDigits(length);
        }
        return -1;
    }

    private PgException badSurrogate(int start) {
        int end = Math.min(at, sql.length());
        return error(
                "invalid Unicode surrogate pair at or near \""
                        + sql.substring(Math.min(start, end), end)
                        + '"',
                start);
    }

    private PgException invalidBytes(int start, String bytes) {
        return new PgException(
                        SqlState.CHARACTER_NOT_IN_REPERTOIRE,
                        "invalid byte sequence for encoding \"UTF8\": " + bytes)
                .withPosition(position(sql, start));
    }

    private int digits(int radix, int max) {
        int value = -1;
        for (int n = 0; n < max && at < sql.length(); n++) {
            int digit = Character.digit(sql.charAt(at), radix);
            if (digit < 0 || sql.charAt(at) > 0x7f) {
                break;
            }
            value = Math.max(value, 0) * radix + digit;
            at++;
        }
        return value;
    }

    private int exactDigits(int length) {
        int from = at;
        long value = 0;
        for (int i = 0; i < length; i++) {
            int digit =
                    at < sql.length() && sql.charAt(at) < 0x80
                            ? Character.digit(sql.charAt(at), 16)
                            : -1;
            if (digit < 0) {
                at = from;
                return -1;
            }
            value = value * 16 + digit;
            at++;
        }
        return value > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) value;
    }

    private void unicode() {
        int start = at;
        if (sql.charAt(at + 2) == '"') {
            quotedName(start, at + 2, true);
            return;
        }
        at += 2;
        String text = quoted(start, "unterminated quoted string");
        int end = lastStringEnd;
        tokens.add(Token.STRING, start, end, unescapeUnicode(text, start, start + 3, uescape()));
    }

    /** The escape character that a UESCAPE clause names. */
    private char uescape() {
        int back = at;
        skipBlanks();
        int start = at;
        if (!sql.regionMatches(true, at, "uescape", 0, 7) || isIdentifierPart(peek(7))) {
            at = back;
            return '\\';
        }
        at += 7;
        skipBlanks();
        if (at >= sql.length() || sql.charAt(at) != '\'') {
            int from = Math.min(at, sql.length());
            throw error(
                    "UESCAPE must be followed by a simple string literal" + nearText(from), from);
        }
        int open = at;
        int end = lastStringEnd;
        String escape = quoted(open, "unterminated quoted string");
        lastStringEnd = end;
        if (escape.length() != 1 || !isEscapeCharacter(escape.charAt(0))) {
            throw error(
                    "invalid Unicode escape character at or near \""
                            + sql.substring(open, at)
                            + '"',
                    open);
        }
        assert start <= open;
        return escape.charAt(0);
    }

    private static boolean isEscapeCharacter(char c) {
        return Character.digit(c, 16) < 0 && c != '+' && c != '\'' && c != '"' && !isBlank(c);
    }

    private String unescapeUnicode(String text, int start, int base, char escape) {
        if (text.indexOf(escape) < 0) {
            return text;
        }
        var plain = new StringBuilder();
        int i = 0;
        int high = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c != escape) {
                requireNoHalf(high, start);
                plain.append(c);
                i++;
                continue;
            }
            if (i + 1 < text.length() && text.charAt(i + 1) == escape) {
                requireNoHalf(high, start);
                plain.append(escape);
                i += 2;
                continue;
            }
            boolean six = i + 1 < text.length() && text.charAt(i + 1) == '+';
            int from = i + (six ? 2 : 1);
            int to = from + (six ? 6 : 4);
            int value = to <= text.length() ? hex(text, from, to) : -1;
            if (value < 0) {
                throw new PgException(SqlState.SYNTAX_ERROR, "invalid Unicode escape")
                        .withHint("Unicode escapes must be \\XXXX or \\+XXXXXX.")
                        .withPosition(position(sql, Math.min(base + i, sql.length())));
            }
            i = to;
            if (high != 0) {
                if (value < 0xdc00 || value > 0xdfff) {
                    throw halfPair(start);
                }
                plain.appendCodePoint(Character.toCodePoint((char) high, (char) value));
                high = 0;
            } else if (value >= 0xd800 && value < 0xdc00) {
                high = value;
            } else if (value == 0 || value > Character.MAX_CODE_POINT) {
                throw new PgException(SqlState.SYNTAX_ERROR, "invalid Unicode escape value")
                        .withPosition(position(sql, Math.min(base + i, sql.length())));
            } else if (value >= 0xdc00 && value < 0xe000) {
                throw halfPair(start);
            } else {
                plain.appendCodePoint(value);
            }
        }
        requireNoHalf(high, start);
        return plain.toString();
    }

    private void requireNoHalf(int high, int start) {
        if (high != 0) {
            throw halfPair(start);
        }
    }

    private PgException halfPair(int start) {
        return new PgException(SqlState.SYNTAX_ERROR, "invalid Unicode surrogate pair")
                .withPosition(position(sql, start));
    }

    private static int hex(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) < 0x80 ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value * 16 + digit;
        }
        return value;
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
            at++;
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

    private char peek(int ahead) {
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

    private static boolean isIdentifierPart(char c) {
        return isIdentifierStart(c) || isDigit(c) || c == '$';
    }

    private PgException near(String message, int start) {
        return error(message + nearText(start), start);
    }

    private String nearText(int start) {
        return start >= sql.length()
                ? " at end of input"
                : " at or near \"" + sql.substring(start) + '"';
    }

    private PgException error(String message, int start) {
        return new PgException(SqlState.SYNTAX_ERROR, message).withPosition(position(sql, start));
    }
}
