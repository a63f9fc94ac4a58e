package io.heliosdb.engine.function;

import io.heliosdb.engine.FunctionValues;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.h2.value.Value;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Functions of texts that count characters: one outside the basic plane is one, where the store
 * counts two.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-string.html">PostgreSQL: string
 *     functions</a>
 */
public final class CharacterFunctions {
    private static final int LENGTH_MAX = 100_000_000;

    private CharacterFunctions() {}

    /**
     * How many characters a text has, or bytes a bytea.
     *
     * @param value a text or bytes
     * @return null for NULL
     */
    public static @Nullable Integer length(Value value) {
        if (value.getValueType() == Value.VARBINARY || value.getValueType() == Value.BINARY) {
            return value.getBytesNoCopy().length;
        }
        String text = value.getString();
        return text == null ? null : length(text);
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /**
     * The text from a place on, or the first match of a regular expression.
     *
     * @param value a text or bytes
     * @param from a number, or the regular expression
     * @return null for NULL, and where nothing matches
     */
    public static @Nullable String substring(Value value, Value from) {
        String text = value.getString();
        String place = from.getString();
        if (text == null || place == null) {
            return null;
        }
        if (from.getValueType() == Value.VARCHAR) {
            Matcher match = pattern(place).matcher(text);
            return !match.find() ? null : match.group(match.groupCount() > 0 ? 1 : 0);
        }
        return slice(text, from.getInt() - 1L, Integer.MAX_VALUE);
    }

    private static Pattern pattern(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new PgException(
                    new SqlState("2201B"), "invalid regular expression: " + e.getDescription());
        }
    }

    /**
     * A part of a text.
     *
     * @param text the text
     * @param from where it begins, from 1
     * @param count how many characters it has
     * @return null for NULL
     */
    public static @Nullable String substring(
            @Nullable String text, @Nullable Integer from, @Nullable Integer count) {
        if (text == null || from == null || count == null) {
            return null;
        }
        if (count < 0) {
            throw new PgException(new SqlState("22011"), "negative substring length not allowed");
        }
        return slice(text, from - 1L, from - 1L + count);
    }

    private static String slice(String text, long from, long to) {
        int length = length(text);
        int first = (int) Math.clamp(from, 0L, length);
        int last = Math.clamp(to, first, length);
        int start = text.offsetByCodePoints(0, first);
        return text.substring(start, text.offsetByCodePoints(start, last - first));
    }

    /**
     * The first characters.
     *
     * @param text the text
     * @param count how many; all but so many of the last where it is negative
     * @return null for NULL
     */
    public static @Nullable String left(@Nullable String text, @Nullable Integer count) {
        if (text == null || count == null) {
            return null;
        }
        return slice(text, 0, count < 0 ? length(text) + (long) count : count);
    }

    /**
     * The last characters.
     *
     * @param text the text
     * @param count how many; all but so many of the first where it is negative
     * @return null for NULL
     */
    public static @Nullable String right(@Nullable String text, @Nullable Integer count) {
        if (text == null || count == null) {
            return null;
        }
        return slice(text, count < 0 ? -(long) count : length(text) - (long) count, length(text));
    }

    /**
     * Fills up with blanks on the left.
     *
     * @param text the text
     * @param length how long it becomes
     * @return null for NULL
     */
    public static @Nullable String lpad(@Nullable String text, @Nullable Integer length) {
        return lpad(text, length, " ");
    }

    /**
     * Fills up on the left.
     *
     * @param text the text
     * @param length how long it becomes
     * @param fill with what
     * @return null for NULL
     */
    public static @Nullable String lpad(
            @Nullable String text, @Nullable Integer length, @Nullable String fill) {
        if (text == null || length == null || fill == null) {
            return null;
        }
        int missing = missing(text, length, fill);
        return missing <= 0 ? slice(text, 0, Math.max(length, 0)) : filling(fill, missing) + text;
    }

    /**
     * Fills up with blanks on the right.
     *
     * @param text the text
     * @param length how long it becomes
     * @return null for NULL
     */
    public static @Nullable String rpad(@Nullable String text, @Nullable Integer length) {
        return rpad(text, length, " ");
    }

    /**
     * Fills up on the right.
     *
     * @param text the text
     * @param length how long it becomes
     * @param fill with what
     * @return null for NULL
     */
    public static @Nullable String rpad(
            @Nullable String text, @Nullable Integer length, @Nullable String fill) {
        if (text == null || length == null || fill == null) {
            return null;
        }
        int missing = missing(text, length, fill);
        return missing <= 0 ? slice(text, 0, Math.max(length, 0)) : text + filling(fill, missing);
    }

    private static int missing(String text, int length, String fill) {
        if (length > LENGTH_MAX) {
            throw new PgException(SqlState.PROGRAM_LIMIT_EXCEEDED, "requested length too large");
        }
        return fill.isEmpty() ? 0 : length - length(text);
    }

    private static String filling(String fill, int count) {
        int times = count / length(fill) + 1;
        return slice(fill.repeat(times), 0, count);
    }

    /**
     * Where a text is found in another.
     *
     * @param part what is looked for
     * @param text where it is looked for
     * @return from 1, or 0 where it is not found; null for NULL
     */
    public static @Nullable Integer position(@Nullable String part, @Nullable String text) {
        if (part == null || text == null) {
            return null;
        }
        int at = text.indexOf(part);
        return at < 0 ? 0 : text.codePointCount(0, at) + 1;
    }

    /**
     * Where a text holds another.
     *
     * @param text where it is looked for
     * @param part what is looked for
     * @return from 1, or 0 where it is not found; null for NULL
     */
    public static @Nullable Integer strpos(@Nullable String text, @Nullable String part) {
        return position(part, text);
    }

    /**
     * A text with a part of it replaced by a text of any length.
     *
     * @param text the text
     * @param other what is put there
     * @param from where, from 1
     * @return null for NULL
     */
    public static @Nullable String overlay(
            @Nullable String text, @Nullable String other, @Nullable Integer from) {
        return overlay(text, other, from, other == null ? null : length(other));
    }

    /**
     * A text with a part of it replaced by a text of any length.
     *
     * @param text the text
     * @param other what is put there
     * @param from where, from 1
     * @param count how many characters it replaces
     * @return null for NULL
     */
    public static @Nullable String overlay(
            @Nullable String text,
            @Nullable String other,
            @Nullable Integer from,
            @Nullable Integer count) {
        if (text == null || other == null || from == null || count == null) {
            return null;
        }
        if (from <= 0) {
            throw new PgException(new SqlState("22011"), "negative substring length not allowed");
        }
        return slice(text, 0, from - 1L)
                + other
                + slice(text, from - 1L + count, Integer.MAX_VALUE);
    }

    /**
     * A text backwards.
     *
     * @param text the text
     * @return null for NULL
     */
    public static @Nullable String reverse(@Nullable String text) {
        return text == null ? null : new StringBuilder(text).reverse().toString();
    }

    /**
     * Words with a capital at their beginning.
     *
     * @param text the text
     * @return null for NULL
     */
    public static @Nullable String initcap(@Nullable String text) {
        if (text == null) {
            return null;
        }
        var out = new StringBuilder(text.length());
        boolean isInside = false;
        for (int c : text.codePoints().toArray()) {
            out.appendCodePoint(isInside ? Character.toLowerCase(c) : Character.toUpperCase(c));
            isInside = Character.isLetterOrDigit(c);
        }
        return out.toString();
    }

    /**
     * A field of a text.
     *
     * @param text the text
     * @param delimiter what stands between fields
     * @param field which, from 1; from the end where it is negative
     * @return empty where there is none; null for NULL
     */
    public static @Nullable String splitPart(
            @Nullable String text, @Nullable String delimiter, @Nullable Integer field) {
        if (text == null || delimiter == null || field == null) {
            return null;
        }
        if (field == 0) {
            throw new PgException(
                    SqlState.INVALID_PARAMETER_VALUE, "field position must not be zero");
        }
        String[] fields =
                delimiter.isEmpty()
                        ? new String[] {text}
                        : text.split(Pattern.quote(delimiter), -1);
        long index = field > 0 ? field - 1L : fields.length + (long) field;
        return index < 0 || index >= fields.length ? "" : fields[(int) index];
    }

    /**
     * Whether a text starts with another.
     *
     * @param text the text
     * @param start its start
     * @return null for NULL
     */
    public static @Nullable Boolean startsWith(@Nullable String text, @Nullable String start) {
        return (text == null || start == null) ? null : (Boolean) text.startsWith(start);
    }

    /**
     * Whether a whole text matches a pattern of SQL's: {@code %} and {@code _} as in LIKE, and
     * {@code | * + ? {} () []} as in regular expressions.
     *
     * @param text the text
     * @param pattern the pattern
     * @return null for NULL
     */
    public static @Nullable Boolean similar(@Nullable String text, @Nullable String pattern) {
        if (text == null || pattern == null) {
            return null;
        }
        var regex = new StringBuilder();
        boolean isInside = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\') {
                i++;
                regex.append(
                        Pattern.quote(pattern.substring(i, Math.min(i + 1, pattern.length()))));
            } else if (c == '[' || c == ']') {
                isInside = c == '[';
                regex.append(c);
            } else if (isInside || "|*+?{}()".indexOf(c) >= 0 || Character.isLetterOrDigit(c)) {
                regex.append(c);
            } else {
                regex.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(text).matches();
    }

    /**
     * A number in hexadecimal digits.
     *
     * @param number the number
     * @return null for NULL
     */
    public static @Nullable String toHex(Value number) {
        return switch (number.getValueType()) {
            case Value.NULL -> null;
            case Value.BIGINT -> Long.toHexString(number.getLong());
            default -> Integer.toHexString(number.getInt());
        };
    }

    /**
     * A value cast to text: as it is printed, but for the words of a Boolean.
     *
     * @param connection the caller's
     * @param value the value
     * @return null for NULL
     */
    public static @Nullable String text(Connection connection, Value value) {
        if (value.getValueType() == Value.BOOLEAN) {
            return value.getBoolean() ? "true" : "false";
        }
        return FunctionValues.text(value, connection);
    }

    /**
     * Values as texts one after the other, without the NULLs.
     *
     * @param connection the caller's
     * @param values the values
     * @return the text
     */
    public static String concat(Connection connection, Value... values) {
        var out = new StringBuilder();
        for (Value value : values) {
            String text = FunctionValues.text(value, connection);
            out.append(text == null ? "" : text);
        }
        return out.toString();
    }

    /**
     * Values as texts with something between them, without the NULLs.
     *
     * @param connection the caller's
     * @param values what stands between, and the values
     * @return null where NULL stands between
     */
    public static @Nullable String concatWs(Connection connection, Value... values) {
        String separator = values.length == 0 ? null : values[0].getString();
        if (separator == null) {
            return null;
        }
        var out = new StringBuilder();
        String before = "";
        for (int i = 1; i < values.length; i++) {
            String text = FunctionValues.text(values[i], connection);
            if (text != null) {
                out.append(before).append(text);
                before = separator;
            }
        }
        return out.toString();
    }

    /**
     * A value as a literal.
     *
     * @param connection the caller's
     * @param value the value
     * @return {@code NULL} for NULL
     */
    public static String quoteNullable(Connection connection, Value value) {
        String text = TextFunctions.quoteLiteral(FunctionValues.text(value, connection));
        return text == null ? "NULL" : text;
    }
}
