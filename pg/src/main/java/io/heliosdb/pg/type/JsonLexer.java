package io.heliosdb.pg.type;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.util.regex.Pattern;

/** Cuts JSON into tokens. Made for one text. */
final class JsonLexer {
    /** What a token is. */
    enum Token {
        OPEN_BRACE,
        CLOSE_BRACE,
        OPEN_BRACKET,
        CLOSE_BRACKET,
        COLON,
        COMMA,
        STRING,
        NUMBER,
        WORD,
        END
    }

    private static final Pattern NUMBER =
            Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private static final Pattern LIKE_A_NUMBER =
            Pattern.compile(
                    "-?(0|[0-9]*)(\\.[0-9]*)?([eE][+-]?[0-9]*)?[A-Za-z0-9_\\x{80}-\\x{10ffff}]*+");

    /** How much of a line an error shows. */
    private static final int CONTEXT_CHARS = 50;

    private final String text;
    private final boolean isUnescaped;
    private final StringBuilder string = new StringBuilder();
    private int at;
    private int start;
    private int line = 1;
    private int lineStart;
    private boolean isEnd;
    private boolean hasOpenSurrogate;

    /**
     * With isUnescaped, a string's escapes are resolved, and refused where they have no meaning.
     */
    JsonLexer(String text, boolean isUnescaped) {
        this.text = text;
        this.isUnescaped = isUnescaped;
    }

    /** The text of the last token. */
    String word() {
        return text.substring(start, at);
    }

    /** The last string without its quotes and escapes; empty where they are not resolved. */
    String string() {
        return string.toString();
    }

    Token next() {
        skipBlanks();
        start = at;
        isEnd = at == text.length();
        if (isEnd) {
            return Token.END;
        }
        char c = text.charAt(at++);
        return switch (c) {
            case '{' -> Token.OPEN_BRACE;
            case '}' -> Token.CLOSE_BRACE;
            case '[' -> Token.OPEN_BRACKET;
            case ']' -> Token.CLOSE_BRACKET;
            case ':' -> Token.COLON;
            case ',' -> Token.COMMA;
            case '"' -> quoted();
            default -> c == '-' || isDigit(c) ? number() : bare(c);
        };
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            if (text.charAt(at++) == '\n') {
                line++;
                lineStart = at;
            }
        }
    }

    /** A number that is not well formed reaches as far as letters and digits do. */
    private Token number() {
        var number = LIKE_A_NUMBER.matcher(text).region(start, text.length());
        at = number.lookingAt() ? number.end() : at;
        if (!NUMBER.matcher(word()).matches()) {
            throw invalidToken();
        }
        return Token.NUMBER;
    }

    private Token bare(char first) {
        if (!isWord(first)) {
            // Half a surrogate pair is no token to show.
            if (Character.isHighSurrogate(first) && at < text.length()) {
                at++;
            }
            throw invalidToken();
        }
        while (at < text.length() && isWord(text.charAt(at))) {
            at++;
        }
        return switch (word()) {
            case "true", "false", "null" -> Token.WORD;
            default -> throw invalidToken();
        };
    }

    private static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || isDigit(c)
                || c == '_'
                || c > 127;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private Token quoted() {
        string.setLength(0);
        while (true) {
            char c = stringCharacter();
            if (c == '"') {
                requireNoOpenSurrogate();
                return Token.STRING;
            }
            if (c < ' ') {
                at--;
                throw refusal("Character with value 0x%02x must be escaped.".formatted((int) c));
            }
            if (c == '\\') {
                escape();
            } else {
                append(c);
            }
        }
    }

    private char stringCharacter() {
        if (at == text.length()) {
            throw invalidToken();
        }
        return text.charAt(at++);
    }

    private void escape() {
        char c = stringCharacter();
        switch (c) {
            case '"', '\\', '/' -> append(c);
            case 'b' -> append('\b');
            case 'f' -> append('\f');
            case 'n' -> append('\n');
            case 'r' -> append('\r');
            case 't' -> append('\t');
            case 'u' -> unicode();
            default -> {
                start = at - 1;
                throw refusal("Escape sequence \"\\%s\" is invalid.".formatted(word()));
            }
        }
    }

    private void append(char c) {
        if (isUnescaped) {
            requireNoOpenSurrogate();
            string.append(c);
        }
    }

    /** Half of a pair that was written as an escape must be followed by the other one. */
    private void requireNoOpenSurrogate() {
        if (hasOpenSurrogate) {
            throw refusal("Unicode low surrogate must follow a high surrogate.");
        }
    }

    private void unicode() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Hex.digit(stringCharacter());
            if (digit < 0) {
                throw refusal("\"\\u\" must be followed by four hexadecimal digits.");
            }
            value = value << 4 | digit;
        }
        if (!isUnescaped) {
            return;
        }
        char c = (char) value;
        if (Character.isHighSurrogate(c)) {
            if (hasOpenSurrogate) {
                throw refusal("Unicode high surrogate must not follow a high surrogate.");
            }
            hasOpenSurrogate = true;
        } else if (Character.isLowSurrogate(c)) {
            if (!hasOpenSurrogate) {
                throw refusal("Unicode low surrogate must follow a high surrogate.");
            }
            hasOpenSurrogate = false;
        } else {
            requireNoOpenSurrogate();
        }
        if (c == 0) {
            throw new PgException(
                            SqlState.UNTRANSLATABLE_CHARACTER,
                            "unsupported Unicode escape sequence")
                    .withDetail("\\u0000 cannot be converted to text.")
                    .withWhere(context());
        }
        string.append(c);
    }

    /** The last token is not what must stand here. */
    PgException expected(String expectation) {
        return refusal(
                isEnd
                        ? "The input string ended unexpectedly."
                        : expectation + ", but found \"" + word() + "\".");
    }

    private PgException invalidToken() {
        return refusal("Token \"" + word() + "\" is invalid.");
    }

    private PgException refusal(String detail) {
        return new PgException(
                        SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type json")
                .withDetail(detail)
                .withWhere(context());
    }

    private String context() {
        int from = Math.max(lineStart, at - CONTEXT_CHARS + 1);
        if (from - lineStart <= 3) {
            from = lineStart;
        }
        boolean isCut = !isEnd && at < text.length() && "\n\r".indexOf(text.charAt(at)) < 0;
        return "JSON data, line %d: %s%s%s"
                .formatted(
                        line,
                        from > lineStart ? "..." : "",
                        text.substring(from, at),
                        isCut ? "..." : "");
    }
}
