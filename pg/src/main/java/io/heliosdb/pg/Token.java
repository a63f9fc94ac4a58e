package io.heliosdb.pg;

import java.util.regex.Pattern;

/**
 * A place in the history of notifications, from which a listener can go on: strictly after it. It
 * stays valid over restarts, until the history is cut.
 *
 * @param timeline the random id of the history's line; another one began after each crash
 * @param lsn the position of the record's first byte
 * @param ordinal the notification's place in the record, from 0
 */
public record Token(long timeline, Lsn lsn, int ordinal) {
    private static final Pattern FORM =
            Pattern.compile("([0-9a-fA-F]{16})/([0-9a-fA-F]{16})/([0-9]{1,10})");

    /** Rejects an ordinal that is negative. */
    public Token {
        if (ordinal < 0) {
            throw new IllegalArgumentException("an ordinal is not negative: " + ordinal);
        }
    }

    /**
     * Reads a token as {@link #toString} prints it.
     *
     * @param text {@code timeline/lsn/n}
     * @return the token
     * @throws PgException 22P02 where it is none
     */
    public static Token parse(String text) {
        var form = FORM.matcher(text);
        try {
            if (form.matches()) {
                return new Token(
                        Long.parseUnsignedLong(form.group(1), 16),
                        new Lsn(Long.parseUnsignedLong(form.group(2), 16)),
                        Integer.parseInt(form.group(3)));
            }
        } catch (IllegalArgumentException e) {
            // A number is out of range: no token either.
        }
        throw new PgException(
                        SqlState.INVALID_TEXT_REPRESENTATION,
                        "invalid notification token: \"" + text + "\"")
                .withHint("A token has the form timeline/lsn/n, as a notification gives it.");
    }

    @Override
    public String toString() {
        return "%016x/%016x/%d".formatted(timeline, lsn.value(), ordinal);
    }
}
