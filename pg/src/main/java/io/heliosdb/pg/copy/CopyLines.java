package io.heliosdb.pg.copy;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

/**
 * Cuts the data of a COPY into lines. What ends the first line must end all of them; backslashes,
 * and quotes of CSV, protect what would end one.
 */
final class CopyLines {
    static final SqlState BAD_COPY_FILE_FORMAT = new SqlState("22P04");

    private static final int END = -1;

    private enum Ending {
        UNKNOWN,
        NEWLINE,
        RETURN,
        BOTH
    }

    private final CopySource source;
    private final boolean isCsv;
    private final char quote;
    private final char escape;

    private byte[] buffer = new byte[0];
    private int from;
    private int to;
    private boolean isSourceEnded;
    private boolean isEnded;
    private Ending ending = Ending.UNKNOWN;
    private long line;

    private int lineFrom;
    private int lineTo;
    private boolean isLineWhole;

    CopyLines(CopySource source, CopyFormat format) {
        this.source = source;
        isCsv = format.kind() == CopyFormat.Kind.CSV;
        quote = format.quote();
        escape = format.escape();
    }

    /** The array that holds the line, good until the next one. */
    byte[] bytes() {
        return buffer;
    }

    int lineFrom() {
        return lineFrom;
    }

    int lineTo() {
        return lineTo;
    }

    long line() {
        return line;
    }

    /** Whether the line was read to its end. */
    boolean isLineWhole() {
        return isLineWhole;
    }

    /** Goes to the next line, if there is one. */
    boolean next() {
        isLineWhole = false;
        lineFrom = from;
        lineTo = from;
        if (isEnded) {
            return false;
        }
        line++;
        int at = scan();
        lineFrom = from;
        lineTo = from + at;
        isLineWhole = true;
        from = lineTo;
        if (isEnded) {
            drain();
            return at > 0;
        }
        from += ending == Ending.BOTH ? 2 : 1;
        return true;
    }

    /** The length of the line, without what ends it. */
    private int scan() {
        boolean inQuote = false;
        boolean wasEscape = false;
        int at = 0;
        while (true) {
            int c = peek(at);
            if (c == END) {
                isEnded = true;
                return at;
            }
            if (isCsv) {
                if (inQuote && c == escape && escape != quote) {
                    wasEscape = !wasEscape;
                }
                if (c == quote && !wasEscape) {
                    inQuote = !inQuote;
                }
                if (c != escape || escape == quote) {
                    wasEscape = false;
                }
                if (inQuote && c == (ending == Ending.NEWLINE ? '\n' : '\r')) {
                    line++;
                }
            }
            if (!inQuote && (c == '\n' || c == '\r')) {
                requireSameEnding(c, at);
                return at;
            }
            if (c == '\\' && (!isCsv || at == 0)) {
                if (peek(at + 1) == '.' && isEndMarker(at + 2)) {
                    isEnded = true;
                    return at;
                }
                if (!isCsv && peek(at + 1) != END) {
                    at++; // Whatever follows is part of the line.
                }
            }
            at++;
        }
    }

    private void requireSameEnding(int c, int at) {
        if (c == '\n') {
            if (ending == Ending.UNKNOWN) {
                ending = Ending.NEWLINE;
            }
            if (ending != Ending.NEWLINE) {
                throw literal("newline", "\\n");
            }
            return;
        }
        boolean isBoth = peek(at + 1) == '\n';
        switch (ending) {
            case UNKNOWN -> ending = isBoth ? Ending.BOTH : Ending.RETURN;
            case RETURN -> {}
            case BOTH -> {
                if (!isBoth) {
                    throw literal("carriage return", "\\r");
                }
            }
            case NEWLINE -> throw literal("carriage return", "\\r");
        }
    }

    private PgException literal(String what, String escaped) {
        return isCsv
                ? error("unquoted " + what + " found in data")
                        .withHint("Use quoted CSV field to represent " + what + ".")
                : error("literal " + what + " found in data")
                        .withHint("Use \"" + escaped + "\" to represent " + what + ".");
    }

    /** Whether what follows a backslash and a dot makes them the end of the data. */
    private boolean isEndMarker(int at) {
        int c = peek(at);
        boolean isEnd =
                switch (c) {
                    case END -> true;
                    case '\n' -> ending == Ending.NEWLINE || ending == Ending.UNKNOWN;
                    case '\r' ->
                            ending == Ending.RETURN
                                    || ending == Ending.UNKNOWN
                                    || (ending == Ending.BOTH && peek(at + 1) == '\n');
                    default -> false;
                };
        if (!isEnd && !isCsv) {
            throw c == '\n' || c == '\r'
                    ? error("end-of-copy marker does not match previous newline style")
                    : error("end-of-copy marker corrupt");
        }
        return isEnd;
    }

    /** A byte of the line; {@link #END} after the last of the data. */
    private int peek(int at) {
        while (from + at >= to) {
            if (!refill()) {
                return END;
            }
        }
        return buffer[from + at] & 0xff;
    }

    private boolean refill() {
        byte[] part = isSourceEnded ? null : source.next();
        if (part == null) {
            isSourceEnded = true;
            return false;
        }
        int kept = to - from;
        if (kept == 0) {
            buffer = part;
        } else {
            if ((long) kept + part.length > CopyReader.ROW_BYTES_MAX) {
                throw new PgException(
                        SqlState.PROGRAM_LIMIT_EXCEEDED,
                        "row of COPY is longer than " + CopyReader.ROW_BYTES_MAX + " bytes");
            }
            append(part, kept);
        }
        from = 0;
        to = kept + part.length;
        return true;
    }

    /** Grows by half, so that a long line in many parts is not copied for each. */
    private void append(byte[] part, int kept) {
        int needed = kept + part.length;
        var larger = new byte[kept > part.length ? needed + needed / 2 : needed];
        System.arraycopy(buffer, from, larger, 0, kept);
        System.arraycopy(part, 0, larger, kept, part.length);
        buffer = larger;
    }

    /** What comes after the end is not looked at. */
    private void drain() {
        while (!isSourceEnded && source.next() != null) {}
        isSourceEnded = true;
    }

    static PgException error(String message) {
        return new PgException(BAD_COPY_FILE_FORMAT, message);
    }
}
