package io.heliosdb.sql;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

/**
 * Reads string constants and quoted names in all their forms: {@code '…'}, {@code E'…'}, {@code
 * U&'…'}, {@code B'…'} and {@code "…"}, with the parts that continue a constant on a later line.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/15/sql-syntax-lexical.html#SQL-SYNTAX-STRINGS">PostgreSQL:
 *     string constants</a>
 */
final class StringScanner {
    private final Scanner scanner;
    private final String sql;
    private final Tokens tokens;

    /** Where the constant that was read last ends, without the blanks after it. */
    private int lastStringEnd;

    StringScanner(Scanner scanner, String sql, Tokens tokens) {
        this.scanner = scanner;
        this.sql = sql;
        this.tokens = tokens;
    }

    void quotedName(int start, int open, boolean unicode) {
        scanner.at = open + 1;
        var name = new StringBuilder();
        while (true) {
            if (scanner.at >= sql.length()) {
                throw scanner.near("unterminated quoted identifier", start);
            }
            char c = sql.charAt(scanner.at++);
            if (c == '"') {
                if (scanner.at >= sql.length() || sql.charAt(scanner.at) != '"') {
                    break;
                }
                scanner.at++;
            }
            name.append(c);
        }
        if (name.isEmpty()) {
            throw scanner.error(
                    "zero-length delimited identifier at or near \""
                            + sql.substring(start, scanner.at)
                            + '"',
                    start);
        }
        int end = scanner.at;
        String text = name.toString();
        if (unicode) {
            text = unescapeUnicode(text, start, open + 1, uescape());
        }
        tokens.add(Token.QUOTED_NAME, start, end, text);
    }

    void plainString(int start, int open) {
        scanner.at = open;
        addString(Token.STRING, start, quoted(start, "unterminated quoted string"));
    }

    private void addString(Token kind, int start, String text) {
        tokens.add(kind, start, lastStringEnd, text);
    }

    /**
     * Reads {@code '…'} from its opening quote, with the parts that continue it on a later line.
     */
    private String quoted(int start, String unterminated) {
        var text = new StringBuilder();
        do {
            scanner.at++;
            while (true) {
                if (scanner.at >= sql.length()) {
                    throw scanner.near(unterminated, start);
                }
                char c = sql.charAt(scanner.at++);
                if (c == '\'') {
                    if (scanner.at >= sql.length() || sql.charAt(scanner.at) != '\'') {
                        break;
                    }
                    scanner.at++;
                }
                text.append(c);
            }
            lastStringEnd = scanner.at;
        } while (continues());
        return text.toString();
    }

    /**
     * Moves to the next part of a string constant when only blanks with a line break stand between.
     */
    private boolean continues() {
        int i = scanner.at;
        boolean newline = false;
        while (i < sql.length()) {
            char c = sql.charAt(i);
            if (c == '\n' || c == '\r') {
                newline = true;
                i++;
            } else if (Scanner.isBlank(c)) {
                i++;
            } else if (newline && c == '-' && i + 1 < sql.length() && sql.charAt(i + 1) == '-') {
                while (i < sql.length() && sql.charAt(i) != '\n' && sql.charAt(i) != '\r') {
                    i++;
                }
            } else {
                if (newline && c == '\'') {
                    scanner.at = i;
                    return true;
                }
                return false;
            }
        }
        return false;
    }

    void bits() {
        int start = scanner.at;
        boolean hex = sql.charAt(scanner.at) == 'x' || sql.charAt(scanner.at) == 'X';
        scanner.at++;
        String digits =
                quoted(
                        start,
                        hex
                                ? "unterminated hexadecimal string literal"
                                : "unterminated bit string literal");
        addString(Token.BITS, start, (hex ? 'x' : 'b') + digits);
    }

    void escapeString() {
        int start = scanner.at++;
        var text = new StringBuilder();
        do {
            scanner.at++;
            escapedPart(start, text);
            lastStringEnd = scanner.at;
        } while (continues());
        addString(Token.STRING, start, text.toString());
    }

    private void escapedPart(int start, StringBuilder text) {
        while (true) {
            if (scanner.at >= sql.length()) {
                throw scanner.near("unterminated quoted string", start);
            }
            char c = sql.charAt(scanner.at++);
            if (c == '\'') {
                if (scanner.at >= sql.length() || sql.charAt(scanner.at) != '\'') {
                    return;
                }
                scanner.at++;
                text.append('\'');
            } else if (c == '\\') {
                if (scanner.at >= sql.length()) {
                    throw scanner.near("unterminated quoted string", start);
                }
                escape(text);
            } else {
                text.append(c);
            }
        }
    }

    private void escape(StringBuilder text) {
        int start = scanner.at - 1;
        char c = sql.charAt(scanner.at++);
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
                scanner.at--;
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
        if (scanner.at + 1 >= sql.length() || sql.charAt(scanner.at) != '\\') {
            return -1;
        }
        char c = sql.charAt(scanner.at + 1);
        if (c == 'x') {
            scanner.at += 2;
            return digits(16, 2);
        }
        if (c >= '0' && c <= '7') {
            scanner.at++;
            return digits(8, 3) & 0xff;
        }
        return -1;
    }

    private int escapedCodePoint(int start, int length) {
        int value = exactDigits(length);
        if (value < 0) {
            throw new PgException(new SqlState("22025"), "invalid Unicode escape")
                    .withHint("Unicode escapes must be \\uXXXX or \\UXXXXXXXX.")
                    .withPosition(Scanner.position(sql, start));
        }
        return checkedCodePoint(value, start);
    }

    /** A surrogate is kept until its other half has come; a half alone is an error. */
    private int checkedCodePoint(int value, int start) {
        if (value == 0 || value > Character.MAX_CODE_POINT) {
            throw scanner.error(
                    "invalid Unicode escape value at or near \""
                            + sql.substring(start, scanner.at)
                            + '"',
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
        if (scanner.at + 1 < sql.length()
                && sql.charAt(scanner.at) == '\\'
                && (sql.charAt(scanner.at + 1) == 'u' || sql.charAt(scanner.at + 1) == 'U')) {
            int length = sql.charAt(scanner.at + 1) == 'u' ? 4 : 8;
            scanner.at += 2;
            return exactDigits(length);
        }
        return -1;
    }

    private PgException badSurrogate(int start) {
        int end = Math.min(scanner.at, sql.length());
        return scanner.error(
                "invalid Unicode surrogate pair at or near \""
                        + sql.substring(Math.min(start, end), end)
                        + '"',
                start);
    }

    private PgException invalidBytes(int start, String bytes) {
        return new PgException(
                        SqlState.CHARACTER_NOT_IN_REPERTOIRE,
                        "invalid byte sequence for encoding \"UTF8\": " + bytes)
                .withPosition(Scanner.position(sql, start));
    }

    private int digits(int radix, int max) {
        int value = -1;
        for (int n = 0; n < max && scanner.at < sql.length(); n++) {
            int digit = Character.digit(sql.charAt(scanner.at), radix);
            if (digit < 0 || sql.charAt(scanner.at) > 0x7f) {
                break;
            }
            value = Math.max(value, 0) * radix + digit;
            scanner.at++;
        }
        return value;
    }

    private int exactDigits(int length) {
        int from = scanner.at;
        long value = 0;
        for (int i = 0; i < length; i++) {
            int digit =
                    scanner.at < sql.length() && sql.charAt(scanner.at) < 0x80
                            ? Character.digit(sql.charAt(scanner.at), 16)
                            : -1;
            if (digit < 0) {
                scanner.at = from;
                return -1;
            }
            value = value * 16 + digit;
            scanner.at++;
        }
        return value > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) value;
    }

    void unicode() {
        int start = scanner.at;
        if (sql.charAt(scanner.at + 2) == '"') {
            quotedName(start, scanner.at + 2, true);
            return;
        }
        scanner.at += 2;
        String text = quoted(start, "unterminated quoted string");
        int end = lastStringEnd;
        tokens.add(Token.STRING, start, end, unescapeUnicode(text, start, start + 3, uescape()));
    }

    /** The escape character that a UESCAPE clause names. */
    private char uescape() {
        int back = scanner.at;
        scanner.skipBlanks();
        int start = scanner.at;
        if (!sql.regionMatches(true, scanner.at, "uescape", 0, 7)
                || Scanner.isIdentifierPart(scanner.peek(7))) {
            scanner.at = back;
            return '\\';
        }
        scanner.at += 7;
        scanner.skipBlanks();
        if (scanner.at >= sql.length() || sql.charAt(scanner.at) != '\'') {
            int from = Math.min(scanner.at, sql.length());
            throw scanner.error(
                    "UESCAPE must be followed by a simple string literal" + scanner.nearText(from),
                    from);
        }
        int open = scanner.at;
        int end = lastStringEnd;
        String escape = quoted(open, "unterminated quoted string");
        lastStringEnd = end;
        if (escape.length() != 1 || !isEscapeCharacter(escape.charAt(0))) {
            throw scanner.error(
                    "invalid Unicode escape character at or near \""
                            + sql.substring(open, scanner.at)
                            + '"',
                    open);
        }
        assert start <= open;
        return escape.charAt(0);
    }

    private static boolean isEscapeCharacter(char c) {
        return Character.digit(c, 16) < 0
                && c != '+'
                && c != '\''
                && c != '"'
                && !Scanner.isBlank(c);
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
                        .withPosition(Scanner.position(sql, Math.min(base + i, sql.length())));
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
                        .withPosition(Scanner.position(sql, Math.min(base + i, sql.length())));
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
                .withPosition(Scanner.position(sql, start));
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

    /** Reads {@code N'…'}. */
    void national() {
        int start = scanner.at++;
        addString(Token.NATIONAL, start, quoted(start, "unterminated quoted string"));
    }
}
