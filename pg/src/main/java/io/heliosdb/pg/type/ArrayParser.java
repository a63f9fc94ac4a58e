package io.heliosdb.pg.type;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads an array's text: {@code {1,NULL,"a b"}}, nested for more dimensions, lower bounds such as
 * {@code [2:4]=} before it or not. Made for one text.
 *
 * @see <a href="https://www.postgresql.org/docs/15/arrays.html">PostgreSQL: array input and output
 *     syntax</a>
 */
final class ArrayParser {
    private final String text;
    private final PgType element;
    private final TextStyle style;
    private final int[] lengths = new int[PgArray.DIMENSIONS_MAX];
    private final List<@Nullable Object> elements = new ArrayList<>();
    private int depthOfElements;
    private int at;

    ArrayParser(String text, PgType element, TextStyle style) {
        this.text = text;
        this.element = element;
        this.style = style;
        Arrays.fill(lengths, -1);
    }

    PgArray parse() {
        skipBlanks();
        int[] announced = bounds();
        skipBlanks();
        if (peek() != '{') {
            throw malformed(
                    announced.length > 0
                            ? "Array contents must start with \"{\"."
                            : "Array value must start with \"{\" or dimension information.");
        }
        dimension(0);
        skipBlanks();
        if (at < text.length()) {
            throw malformed("Junk after closing right brace.");
        }
        if (elements.isEmpty()) {
            return new PgArray(element.oid(), new int[0], List.of());
        }
        int[] found = Arrays.copyOf(lengths, depthOfElements);
        if (announced.length > 0 && !Arrays.equals(announced, found)) {
            throw malformed("Specified array dimensions do not match array contents.");
        }
        return new PgArray(element.oid(), found, elements);
    }

    /** The lengths that bounds before the braces announce; none where there are none. */
    private int[] bounds() {
        var found = new ArrayList<Integer>();
        while (peek() == '[') {
            at++;
            long lower = bound();
            long upper = lower;
            if (peek() == ':') {
                at++;
                upper = bound();
            } else {
                lower = 1;
            }
            if (peek() != ']') {
                throw malformed("Missing \"]\" after array dimensions.");
            }
            at++;
            if (upper < lower) {
                throw new PgException(
                        SqlState.ARRAY_SUBSCRIPT_ERROR,
                        "upper bound cannot be less than lower bound");
            }
            if (found.size() == PgArray.DIMENSIONS_MAX) {
                throw tooDeep(found.size() + 1);
            }
            found.add((int) Math.min(upper - lower + 1, Integer.MAX_VALUE));
        }
        if (!found.isEmpty()) {
            skipBlanks();
            if (peek() != '=') {
                throw malformed("Missing \"=\" after array dimensions.");
            }
            at++;
        }
        return found.stream().mapToInt(Integer::intValue).toArray();
    }

    private long bound() {
        int from = at;
        if (peek() == '-' || peek() == '+') {
            at++;
        }
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        try {
            return Integer.parseInt(text, from, at, 10);
        } catch (NumberFormatException e) {
            throw Refusal.because(
                    malformed("\"[\" must introduce explicitly-specified array dimensions."), e);
        }
    }

    private void dimension(int depth) {
        if (depth == PgArray.DIMENSIONS_MAX) {
            throw tooDeep(depth + 1);
        }
        at++;
        int length = 0;
        skipBlanks();
        if (peek() == '}' && at < text.length()) {
            if (depth > 0) {
                throw unexpected('}');
            }
            at++;
            return;
        }
        while (true) {
            skipBlanks();
            if (peek() == '{') {
                if (depthOfElements > 0 && depthOfElements <= depth + 1) {
                    throw unexpected('{');
                }
                dimension(depth + 1);
            } else {
                element(depth);
            }
            length++;
            skipBlanks();
            char mark = next();
            if (mark == '}') {
                endDimension(depth, length);
                return;
            }
            if (mark != ',') {
                throw unexpected(mark);
            }
        }
    }

    private void endDimension(int depth, int length) {
        if (lengths[depth] >= 0 && lengths[depth] != length) {
            throw malformed(
                    "Multidimensional arrays must have sub-arrays with matching dimensions.");
        }
        lengths[depth] = length;
    }

    private void element(int depth) {
        if (depthOfElements == 0) {
            depthOfElements = depth + 1;
        } else if (depthOfElements != depth + 1) {
            throw malformed(
                    "Multidimensional arrays must have sub-arrays with matching dimensions.");
        }
        var value = new StringBuilder();
        boolean isQuoted = peek() == '"' ? quoted(value) : bare(value);
        if (!isQuoted && value.length() == 4 && "null".equalsIgnoreCase(value.toString())) {
            elements.add(null);
        } else {
            elements.add(element.decodeText(value.toString(), style));
        }
    }

    private boolean quoted(StringBuilder value) {
        at++;
        while (true) {
            char c = next();
            if (c == '"') {
                break;
            }
            value.append(c == '\\' ? next() : c);
        }
        skipBlanks();
        char after = peek();
        if (at < text.length() && after != ',' && after != '}') {
            if (after == '"') {
                throw malformed("Unexpected array element.");
            }
            throw after == '{' ? unexpected('{') : malformed("Unexpected array element.");
        }
        return true;
    }

    /** Reads up to a mark; blanks at the end do not count unless escaped. */
    private boolean bare(StringBuilder value) {
        int kept = 0;
        boolean isEscaped = false;
        while (true) {
            if (at == text.length()) {
                throw malformed("Unexpected end of input.");
            }
            char c = peek();
            if (c == ',' || c == '}') {
                break;
            }
            if (c == '{' || c == '"') {
                throw c == '{' ? unexpected('{') : malformed("Unexpected array element.");
            }
            at++;
            if (c == '\\') {
                value.append(next());
                isEscaped = true;
                kept = value.length();
            } else {
                value.append(c);
                kept = Blank.is(c) ? kept : value.length();
            }
        }
        value.setLength(kept);
        if (kept == 0) {
            throw unexpected(peek());
        }
        return isEscaped;
    }

    private char next() {
        if (at == text.length()) {
            throw malformed("Unexpected end of input.");
        }
        return text.charAt(at++);
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private void skipBlanks() {
        while (at < text.length() && Blank.is(text.charAt(at))) {
            at++;
        }
    }

    private PgException unexpected(char c) {
        return malformed("Unexpected \"" + c + "\" character.");
    }

    private PgException malformed(String detail) {
        return new PgException(
                        SqlState.INVALID_TEXT_REPRESENTATION,
                        "malformed array literal: \"" + text + '"')
                .withDetail(detail);
    }

    private static PgException tooDeep(int depth) {
        return new PgException(
                SqlState.PROGRAM_LIMIT_EXCEEDED,
                "number of array dimensions (%d) exceeds the maximum allowed (%d)"
                        .formatted(depth, PgArray.DIMENSIONS_MAX));
    }
}
