package io.heliosdb.tidy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A text file of the repository.
 *
 * @param path where it lies
 * @param name its path from the repository's root, as faults name it
 * @param module the module it belongs to; empty above all modules
 * @param text what it holds
 */
public record SourceFile(Path path, String name, String module, String text) {
    private static final Pattern PACKAGE = Pattern.compile("(?m)^package\\s+([\\w.]+)\\s*;");

    /**
     * The beginning of a fault's text.
     *
     * @param line counted from 1
     * @return file and line
     */
    public String at(int line) {
        return name + ":" + line + ": ";
    }

    /**
     * Every place where a pattern occurs.
     *
     * @param pattern what is not allowed
     * @return a fault for each
     */
    public List<String> matches(Pattern pattern) {
        var faults = new ArrayList<String>();
        var matcher = pattern.matcher(text);
        while (matcher.find()) {
            faults.add(at(lineOf(matcher.start())) + "has '" + matcher.group() + "'");
        }
        return faults;
    }

    /**
     * The package that the source declares.
     *
     * @return its name, or an empty string in the unnamed package
     */
    public String packageName() {
        var matcher = PACKAGE.matcher(code());
        return matcher.find() ? matcher.group(1) : "";
    }

    /**
     * The line of an offset.
     *
     * @param offset in characters, the same in {@link #text} and {@link #code}
     * @return counted from 1
     */
    public int lineOf(int offset) {
        return 1 + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
    }

    /**
     * The source with comments and literals blanked, every offset and line where it was.
     *
     * @return code alone
     */
    public String code() {
        var code = new StringBuilder(text);
        int at = 0;
        while (at < text.length()) {
            int end = endOfProse(at);
            if (end == at) {
                at++;
                continue;
            }
            for (int i = at; i < end; i++) {
                if (text.charAt(i) != '\n') {
                    code.setCharAt(i, ' ');
                }
            }
            at = end;
        }
        return code.toString();
    }

    /** Where the comment or literal that begins here ends; the offset itself where none begins. */
    private int endOfProse(int at) {
        if (text.startsWith("//", at)) {
            return endAfter("\n", at + 2);
        }
        if (text.startsWith("/*", at)) {
            return endAfter("*/", at + 2);
        }
        if (text.startsWith("\"\"\"", at)) {
            return endOfLiteral("\"\"\"", at + 3);
        }
        if (text.charAt(at) == '"' || text.charAt(at) == '\'') {
            return endOfLiteral(text.substring(at, at + 1), at + 1);
        }
        return at;
    }

    private int endAfter(String end, int from) {
        int found = text.indexOf(end, from);
        return found < 0 ? text.length() : found + end.length();
    }

    private int endOfLiteral(String quote, int from) {
        int at = from;
        while (at < text.length() && !text.startsWith(quote, at)) {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return Math.min(text.length(), at + quote.length());
    }
}
