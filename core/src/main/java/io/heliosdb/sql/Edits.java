package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * What the engine is to read in place of each token: another text, and what goes before and after
 * it. A later {@link #before} goes outside an earlier one, so that an expression can be wrapped
 * again and again while it is parsed.
 */
final class Edits {
    /** Divisions of divisions of divisions double with each level. */
    private static final int RENDERED_MAX = 1 << 24;

    private final Tokens tokens;
    private final @Nullable String[] replacements;
    private final @Nullable String[] befores;
    private final @Nullable String[] afters;

    /** Operations to be written a second time; {@link #afters} hold their numbers between NULs. */
    private final List<Copy> copies;

    /**
     * An operation of two operands as it was when it was read; what is done to the tokens inside it
     * later is done to the copy as well.
     */
    private record Copy(
            int from,
            int leftTo,
            String operator,
            int rightFrom,
            int to,
            @Nullable String before,
            @Nullable String after) {}

    /** A range that stands elsewhere, with what was put around it before it was moved. */
    private record Move(
            int from,
            int to,
            String instead,
            int host,
            String prefix,
            String suffix,
            @Nullable String before,
            @Nullable String after) {}

    private final List<Move> moves = new ArrayList<>();

    Edits(Tokens tokens) {
        this.tokens = tokens;
        this.replacements = new String[tokens.count];
        this.befores = new String[tokens.count];
        this.afters = new String[tokens.count];
        this.copies = new ArrayList<>();
    }

    private Edits(Edits other) {
        this.tokens = other.tokens;
        this.replacements = other.replacements.clone();
        this.befores = other.befores.clone();
        this.afters = other.afters.clone();
        this.copies = other.copies;
        this.moves.addAll(other.moves);
    }

    /** A copy to go on with; this one stays as it is. */
    Edits copy() {
        return new Edits(this);
    }

    void replace(int token, String text) {
        replacements[token] = text;
    }

    /** Whether a token has no text of its own, such as one inside a range that was fixed. */
    boolean isRemoved(int token) {
        return "".equals(replacements[token]);
    }

    /** Removes tokens; what was to go before and after them goes too. */
    void remove(int from, int to) {
        for (int i = from; i < to; i++) {
            replacements[i] = "";
            befores[i] = null;
            afters[i] = null;
        }
        moves.removeIf(move -> move.from() >= from && move.to() <= to);
    }

    /**
     * Has a range stand behind another token, and a text in its place. What is put around the range
     * from now on stands around that text; what happens inside it happens where it stands then.
     */
    void move(int from, int to, String instead, int host, String prefix, String suffix) {
        moves.add(new Move(from, to, instead, host, prefix, suffix, befores[from], afters[to - 1]));
        befores[from] = null;
        afters[to - 1] = null;
    }

    void before(int token, String text) {
        befores[token] = befores[token] == null ? text : text + befores[token];
    }

    void after(int token, String text) {
        afters[token] = afters[token] == null ? text : afters[token] + text;
    }

    void wrap(int from, int to, String before, String after) {
        before(from, before);
        after(to - 1, after);
    }

    /**
     * Has an operation computed by a function of the two operands whose type the engine is to take
     * from the operation itself, which is evaluated where the function gives NULL.
     */
    void compute(
            int from,
            int leftTo,
            int mark,
            int rightFrom,
            int to,
            String function,
            String operator) {
        copies.add(new Copy(from, leftTo, operator, rightFrom, to, befores[from], afters[to - 1]));
        before(from, "COALESCE(" + function + '(');
        replace(mark, ",");
        after(to - 1, "), \0" + (copies.size() - 1) + "\0)");
    }

    /** Text that stands for an operand wherever it is put after a token. */
    String copyOf(int from, int to) {
        copies.add(new Copy(from, to, "", to, to, befores[from], null));
        return "\0" + (copies.size() - 1) + '\0';
    }

    /** Has the engine take the type of a call that ends before {@code to} from an argument. */
    void typeOf(int from, int to, int argumentFrom, int argumentTo) {
        String copy = copyOf(argumentFrom, argumentTo);
        before(from, "COALESCE(");
        after(to - 1, ", " + copy + ')');
    }

    private void copy(Copy copy, StringBuilder out) {
        String before = befores[copy.from];
        String after = afters[copy.to - 1];
        befores[copy.from] = copy.before;
        render(copy.from, copy.leftTo, out);
        befores[copy.from] = before;
        if (copy.rightFrom < copy.to) {
            out.append(copy.operator);
            afters[copy.to - 1] = copy.after;
            render(copy.rightFrom, copy.to, out);
            afters[copy.to - 1] = after;
        }
        if (out.length() > RENDERED_MAX) {
            throw new PgException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
        }
    }

    /** Puts text directly around a token, inside of all that stands around it already. */
    void innermost(int token, String before, String after) {
        befores[token] = befores[token] == null ? before : befores[token] + before;
        afters[token] = afters[token] == null ? after : after + afters[token];
    }

    /** Replaces a range, and leaves what stands before and after it. */
    void fixKeepingAround(int from, int to, String text) {
        String before = befores[from];
        String after = afters[to - 1];
        fix(from, to, text);
        befores[from] = before;
        afters[to - 1] = after;
    }

    /** Renders a range as one text that replaces it, so that it can be moved. */
    void fix(int from, int to, String text) {
        remove(from, to);
        replacements[from] = text;
    }

    /** Renders a range without what stands after its last token. */
    String renderInside(int from, int to) {
        String after = afters[to - 1];
        afters[to - 1] = null;
        String text = render(from, to);
        afters[to - 1] = after;
        return text;
    }

    String render(int from, int to) {
        var out =
                new StringBuilder(
                        16 + (to > from ? 2 * (tokens.ends[to - 1] - tokens.starts[from]) : 0));
        render(from, to, out);
        return out.toString();
    }

    void render(int from, int to, StringBuilder out) {
        if (moves.isEmpty()) {
            renderPlain(from, to, out);
            return;
        }
        for (int i = from; i < to; i++) {
            Move move = moved(i, to);
            if (move == null) {
                renderPlain(i, i + 1, out);
            } else {
                put(befores[i], out);
                put(move.instead(), out);
                i = move.to() - 1;
                putAfter(afters[i], out);
            }
            for (Move guest : moves) {
                if (guest.host() == i && from <= guest.from()) {
                    guest(guest, out);
                }
            }
        }
    }

    private void guest(Move guest, StringBuilder out) {
        int last = guest.to() - 1;
        String before = befores[guest.from()];
        String after = afters[last];
        befores[guest.from()] = guest.before();
        afters[last] = guest.after();
        out.append(guest.prefix());
        renderPlain(guest.from(), guest.from() + 1, out);
        if (last > guest.from()) {
            render(guest.from() + 1, last, out);
            renderPlain(last, last + 1, out);
        }
        out.append(guest.suffix());
        befores[guest.from()] = before;
        afters[last] = after;
    }

    private @Nullable Move moved(int from, int to) {
        for (Move move : moves) {
            if (move.from() == from && move.to() <= to) {
                return move;
            }
        }
        return null;
    }

    private static void put(@Nullable String text, StringBuilder out) {
        if (text != null) {
            space(out);
            out.append(text);
        }
    }

    private void putAfter(@Nullable String text, StringBuilder out) {
        if (text != null) {
            after(text, out);
        }
    }

    private void renderPlain(int from, int to, StringBuilder out) {
        for (int i = from; i < to; i++) {
            String before = befores[i];
            if (before != null) {
                space(out);
                out.append(before);
            }
            String replacement = replacements[i];
            if (replacement == null) {
                space(out);
                token(i, out);
            } else if (!replacement.isEmpty()) {
                space(out);
                out.append(replacement);
            }
            String after = afters[i];
            if (after != null) {
                after(after, out);
            }
        }
    }

    private void after(String text, StringBuilder out) {
        int from = 0;
        for (int nul = text.indexOf('\0'); nul >= 0; nul = text.indexOf('\0', from)) {
            int end = text.indexOf('\0', nul + 1);
            out.append(text, from, nul);
            copy(copies.get(Integer.parseInt(text.substring(nul + 1, end))), out);
            from = end + 1;
        }
        out.append(text, from, text.length());
    }

    private static void space(StringBuilder out) {
        if (!out.isEmpty()) {
            char last = out.charAt(out.length() - 1);
            if (last != ' ' && last != '(') {
                out.append(' ');
            }
        }
    }

    private void token(int i, StringBuilder out) {
        String text = tokens.texts[i];
        switch (tokens.kinds[i]) {
            case WORD, INTEGER, NUMBER, OPERATOR, PUNCTUATION, OTHER -> out.append(text);
            case QUOTED_NAME -> out.append(Identifier.quote(Identifier.truncate(text)));
            case STRING, NATIONAL -> string(text, out);
            case PARAMETER -> out.append('?').append(text);
            case BITS ->
                    throw tokens.error(
                            i, SqlState.FEATURE_NOT_SUPPORTED, "bit strings are not supported");
            case QUESTION ->
                    throw new IllegalStateException("a parameter was left without its number");
            case END -> {}
        }
    }

    /** What stands for a token, without what goes around it. */
    String text(int token) {
        String replacement = replacements[token];
        return replacement == null ? tokens.texts[token] : replacement;
    }

    /** A string constant in the engine's form. */
    static void string(String text, StringBuilder out) {
        out.append('\'');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\'') {
                out.append('\'');
            }
            out.append(c);
        }
        out.append('\'');
    }

    /** A string constant in the engine's form. */
    static String string(String text) {
        var out = new StringBuilder(text.length() + 8);
        string(text, out);
        return out.toString();
    }

    /** A name in the engine's form: quoted where a bare one would be read as something else. */
    static String name(String name) {
        return isPlain(name) ? name : Identifier.quote(Identifier.truncate(name));
    }

    private static boolean isPlain(String name) {
        if (name.isEmpty()
                || name.length() > Identifier.BYTES_MAX
                || Keyword.isEngineWord(name)
                || Keyword.kind(name) != null) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!(c >= 'a' && c <= 'z') && c != '_' && (i == 0 || c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }

    /** Rejects what the engine would not take as text. */
    static void requireNoNul(String sql) {
        int nul = sql.indexOf('\0');
        if (nul >= 0) {
            throw new PgException(
                            SqlState.CHARACTER_NOT_IN_REPERTOIRE,
                            "invalid byte sequence for encoding \"UTF8\": 0x00")
                    .withPosition(Scanner.position(sql, nul));
        }
    }
}
