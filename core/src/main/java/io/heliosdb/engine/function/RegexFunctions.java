package io.heliosdb.engine.function;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.h2.value.Value;
import org.h2.value.ValueNull;
import org.h2.value.ValueVarchar;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Functions of regular expressions. What only PostgreSQL writes, such as {@code [:alpha:]} and
 * {@code \m}, is brought into the words of the platform's expressions.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-matching.html#FUNCTIONS-POSIX-REGEXP">
 *     PostgreSQL: POSIX regular expressions</a>
 */
public final class RegexFunctions {
    private static final Pattern CLASS = Pattern.compile("\\[:(\\^?)([a-z]+):]");

    private RegexFunctions() {}

    private static Matcher matcher(String text, String expression, String flags) {
        int options = 0;
        for (int i = 0; i < flags.length(); i++) {
            options |=
                    switch (flags.charAt(i)) {
                        case 'i' -> Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
                        case 'n', 'm' -> Pattern.MULTILINE;
                        case 'x' -> Pattern.COMMENTS;
                        case 's', 'g', 'c', 't' -> 0;
                        default ->
                                throw new PgException(
                                        SqlState.INVALID_PARAMETER_VALUE,
                                        "invalid regular expression option: \""
                                                + flags.charAt(i)
                                                + '"');
                    };
        }
        boolean isWhole = (options & Pattern.MULTILINE) == 0;
        try {
            String platform =
                    CLASS.matcher(expression)
                            .replaceAll(found -> "\\\\p{" + name(found.group(2)) + '}')
                            .replace("\\m", "\\b(?=\\w)")
                            .replace("\\M", "\\b(?<=\\w)")
                            .replace("\\y", "\\b");
            return Pattern.compile(platform, isWhole ? options | Pattern.DOTALL : options)
                    .matcher(text);
        } catch (PatternSyntaxException e) {
            throw new PgException(
                    new SqlState("2201B"), "invalid regular expression: " + e.getDescription());
        }
    }

    private static String name(String name) {
        return switch (name) {
            case "xdigit" -> "XDigit";
            default -> Character.toUpperCase(name.charAt(0)) + name.substring(1);
        };
    }

    private static boolean isNull(Value... values) {
        for (Value value : values) {
            if (value.getValueType() == Value.NULL) {
                return true;
            }
        }
        return false;
    }

    private static String text(Value value) {
        return String.valueOf(value.getString());
    }

    private static String flags(Value... arguments) {
        return arguments.length > 2 ? text(arguments[2]) : "";
    }

    private static Value groups(Matcher match) {
        var groups = new ArrayList<Value>();
        for (int i = match.groupCount() == 0 ? 0 : 1; i <= match.groupCount(); i++) {
            groups.add(
                    match.group(i) == null ? ValueNull.INSTANCE : ValueVarchar.get(match.group(i)));
        }
        return ArrayFunctions.of(groups);
    }

    /**
     * What the groups of the first match hold.
     *
     * @param arguments a text, an expression and flags
     * @return an array; NULL where nothing matches
     */
    public static Value match(Value... arguments) {
        if (isNull(arguments)) {
            return ValueNull.INSTANCE;
        }
        if (flags(arguments).contains("g")) {
            throw new PgException(
                            SqlState.INVALID_PARAMETER_VALUE,
                            "regexp_match() does not support the \"global\" option")
                    .withHint("Use the regexp_matches function instead.");
        }
        Matcher match = matcher(text(arguments[0]), text(arguments[1]), flags(arguments));
        return match.find() ? groups(match) : ValueNull.INSTANCE;
    }

    /**
     * The groups of the first match, or of all with the flag g.
     *
     * @param arguments a text, an expression and flags
     * @return an array of arrays; NULL for NULL
     */
    public static Value matches(Value... arguments) {
        if (isNull(arguments)) {
            return ValueNull.INSTANCE;
        }
        boolean isGlobal = flags(arguments).contains("g");
        String flags = flags(arguments).replace("g", "");
        Matcher match = matcher(text(arguments[0]), text(arguments[1]), flags);
        var all = new ArrayList<Value>();
        while (match.find()) {
            all.add(groups(match));
            if (!isGlobal) {
                break;
            }
        }
        return ArrayFunctions.of(all);
    }

    /**
     * The parts of a text between the matches.
     *
     * @param arguments a text, an expression and flags
     * @return an array; NULL for NULL
     */
    public static Value split(Value... arguments) {
        if (isNull(arguments)) {
            return ValueNull.INSTANCE;
        }
        String text = text(arguments[0]);
        Matcher match = matcher(text, text(arguments[1]), flags(arguments));
        var parts = new ArrayList<Value>();
        int from = 0;
        while (match.find()) {
            boolean isEmpty = match.end() == match.start();
            if (isEmpty && (match.start() == 0 || match.start() == text.length())) {
                continue;
            }
            parts.add(ValueVarchar.get(text.substring(from, match.start())));
            from = match.end();
        }
        parts.add(ValueVarchar.get(text.substring(from)));
        return ArrayFunctions.of(parts);
    }

    /**
     * How often an expression matches.
     *
     * @param arguments a text, an expression, where to begin, and flags
     * @return null for NULL
     */
    public static @Nullable Integer count(Value... arguments) {
        if (isNull(arguments)) {
            return null;
        }
        String text = text(arguments[0]);
        int from = arguments.length > 2 ? arguments[2].getInt() : 1;
        String flags = arguments.length > 3 ? text(arguments[3]) : "";
        Matcher match = matcher(text.substring(start(text, from)), text(arguments[1]), flags);
        int count = 0;
        while (match.find()) {
            count++;
        }
        return count;
    }

    private static int start(String text, int from) {
        if (from < 1) {
            throw new PgException(
                    SqlState.INVALID_PARAMETER_VALUE,
                    "invalid value for parameter \"start\": " + from);
        }
        int characters = text.codePointCount(0, text.length());
        return text.offsetByCodePoints(0, Math.min(from - 1, characters));
    }

    /**
     * The place of a match.
     *
     * @param arguments a text and an expression
     * @return from 1; 0 where nothing matches; null for NULL
     */
    public static @Nullable Integer place(Value... arguments) {
        if (isNull(arguments)) {
            return null;
        }
        String text = text(arguments[0]);
        Matcher match = matcher(text, text(arguments[1]), "");
        return match.find() ? text.codePointCount(0, match.start()) + 1 : 0;
    }

    /**
     * The text of the first match.
     *
     * @param arguments a text and an expression
     * @return null where nothing matches
     */
    public static @Nullable String part(Value... arguments) {
        if (isNull(arguments)) {
            return null;
        }
        Matcher match = matcher(text(arguments[0]), text(arguments[1]), "");
        return match.find() ? match.group() : null;
    }

    /**
     * Whether an expression matches.
     *
     * @param arguments a text, an expression and flags
     * @return null for NULL
     */
    public static @Nullable Boolean like(Value... arguments) {
        return isNull(arguments)
                ? null
                : (Boolean)
                        matcher(text(arguments[0]), text(arguments[1]), flags(arguments)).find();
    }

    /** What stands in a text for each of its groups: PostgreSQL's {@code \1} and {@code \&}. */
    private static String replacement(Matcher match, String text) {
        var out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            char next = i + 1 < text.length() ? text.charAt(i + 1) : 0;
            if (c != '\\' || next == 0) {
                out.append(c);
            } else if (next == '&') {
                out.append(match.group());
                i++;
            } else if (next >= '1' && next <= '9') {
                int group = next - '0';
                String held = group <= match.groupCount() ? match.group(group) : null;
                out.append(held == null ? "" : held);
                i++;
            } else {
                out.append(next == '\\' ? "\\" : "\\" + next);
                i++;
            }
        }
        return out.toString();
    }

    /**
     * A text with another in place of the first match, or of all with the flag g.
     *
     * @param arguments a text, an expression, what stands for a match, and flags
     * @return null for NULL
     */
    public static @Nullable String replace(Value... arguments) {
        if (isNull(arguments)) {
            return null;
        }
        String flags = arguments.length > 3 ? text(arguments[3]) : "";
        String text = text(arguments[0]);
        Matcher match = matcher(text, text(arguments[1]), flags);
        var out = new StringBuilder();
        int from = 0;
        boolean isGlobal = flags.contains("g");
        while (match.find()) {
            out.append(text, from, match.start()).append(replacement(match, text(arguments[2])));
            from = match.end();
            if (!isGlobal) {
                break;
            }
        }
        return out.append(text.substring(from)).toString();
    }
}
