package io.heliosdb.cli;

import java.util.Locale;
import java.util.Optional;

/**
 * Cuts text that is typed or read line by line into statements at the semicolons that end them: not
 * those in quotes, comments, parentheses, or between BEGIN and END of a trigger. Confined to one
 * thread.
 */
final class StatementSplitter {
    private String text = "";

    /** Adds a line, its end included. */
    void add(String line) {
        text += line;
    }

    /** The next whole statement, without its semicolon; empty while its end is still to come. */
    Optional<String> next() {
        int end = endOfStatement();
        if (end < 0) {
            return Optional.empty();
        }
        String statement = text.substring(0, end);
        text = text.substring(end + 1);
        return isBlank(statement) ? next() : Optional.of(statement.strip());
    }

    /** What has been typed of a statement whose end has not come. */
    String rest() {
        return isBlank(text) ? "" : text.strip();
    }

    /** Forgets what has been typed. */
    void clear() {
        text = "";
    }

    private int endOfStatement() {
        var body = new TriggerBody();
        int depth = 0;
        int at = 0;
        while (at < text.length()) {
            int after = afterProse(at);
            if (after > at) {
                at = after;
                continue;
            }
            char c = text.charAt(at);
            if (c == ';' && depth <= 0 && !body.isOpen()) {
                return at;
            }
            if (Character.isLetter(c) || c == '_') {
                int end = endOfWord(at);
                body.word(text.substring(at, end).toUpperCase(Locale.ROOT));
                at = end;
                continue;
            }
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            at++;
        }
        return -1;
    }

    /**
     * Where the comment or quoted part that begins here ends; beyond the text while its end is
     * missing.
     */
    private int afterProse(int at) {
        if (text.startsWith("--", at)) {
            return after("\n", at);
        }
        if (text.startsWith("/*", at)) {
            return afterComment(at);
        }
        return switch (text.charAt(at)) {
            case '\'' -> afterQuote(at, '\'', at > 0 && isEscapeMark(at - 1));
            case '"' -> afterQuote(at, '"', false);
            case '$' -> afterDollars(at);
            default -> at;
        };
    }

    private boolean isEscapeMark(int at) {
        return "eE".indexOf(text.charAt(at)) >= 0 && (at == 0 || !isWordPart(text.charAt(at - 1)));
    }

    private int after(String end, int from) {
        int found = text.indexOf(end, from);
        return found < 0 ? text.length() : found + end.length();
    }

    private int afterComment(int from) {
        int depth = 0;
        for (int at = from; at < text.length(); at++) {
            if (text.startsWith("/*", at)) {
                depth++;
                at++;
            } else if (text.startsWith("*/", at)) {
                depth--;
                at++;
                if (depth == 0) {
                    return at + 1;
                }
            }
        }
        return text.length();
    }

    private int afterQuote(int from, char quote, boolean backslashEscapes) {
        int at = from + 1;
        while (at < text.length() && text.charAt(at) != quote) {
            at += backslashEscapes && text.charAt(at) == '\\' ? 2 : 1;
        }
        return Math.min(text.length(), at + 1);
    }

    private int afterDollars(int from) {
        int end = from + 1;
        while (end < text.length() && isWordPart(text.charAt(end))) {
            end++;
        }
        boolean isTag =
                end < text.length()
                        && text.charAt(end) == '$'
                        && !Character.isDigit(text.charAt(from + 1))
                        && (from == 0 || !isWordPart(text.charAt(from - 1)));
        return isTag ? after(text.substring(from, end + 1), end + 1) : from;
    }

    private int endOfWord(int from) {
        int at = from;
        while (at < text.length() && (isWordPart(text.charAt(at)) || text.charAt(at) == '$')) {
            at++;
        }
        return at;
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    private static boolean isBlank(String statement) {
        var rest = new StatementSplitter();
        rest.text = statement;
        for (int at = 0; at < statement.length(); at++) {
            if (statement.startsWith("--", at) || statement.startsWith("/*", at)) {
                at = rest.afterProse(at) - 1;
            } else if (!Character.isWhitespace(statement.charAt(at))) {
                return false;
            }
        }
        return true;
    }

    /** Follows CREATE TRIGGER … BEGIN … END; a CASE inside it has an END of its own. */
    private static final class TriggerBody {
        private int words;
        private boolean isCreate;
        private boolean isTrigger;
        private int open;

        void word(String word) {
            words++;
            if (words == 1) {
                isCreate = word.equals("CREATE");
            } else if (isCreate && word.equals("TRIGGER") && words <= 4) {
                isTrigger = true;
            } else if (isTrigger && (word.equals("BEGIN") || (open > 0 && word.equals("CASE")))) {
                open++;
            } else if (isTrigger && open > 0 && word.equals("END")) {
                open--;
            }
        }

        boolean isOpen() {
            return open > 0;
        }
    }
}
