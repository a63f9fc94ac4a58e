package io.heliosdb.pg.proto;

import java.text.Normalizer;

/**
 * Prepares a password so that one typed on another keyboard is the same. Like PostgreSQL, takes a
 * password that the rules forbid as it is. Characters that Unicode 3.2 did not have yet count as
 * Java's Unicode has them.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4013">RFC 4013</a>
 */
final class SaslPrep {
    private SaslPrep() {}

    static String prepare(String password) {
        if (password.chars().allMatch(c -> c < 0x80)) {
            return password;
        }
        var mapped = new StringBuilder();
        password.codePoints()
                .forEach(point -> {
                    if (isOtherSpace(point)) {
                        mapped.append(' ');
                    } else if (!isMappedToNothing(point)) {
                        mapped.appendCodePoint(point);
                    }
                });
        var normal = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
        boolean isAllowed =
                !normal.isEmpty()
                        && normal.codePoints().noneMatch(SaslPrep::isProhibited)
                        && hasOneDirection(normal);
        return isAllowed ? normal : password;
    }

    /** Table C.1.2. */
    private static boolean isOtherSpace(int point) {
        return point == 0xa0
                || point == 0x1680
                || isWithin(point, 0x2000, 0x200b)
                || point == 0x202f
                || point == 0x205f
                || point == 0x3000;
    }

    /** Table B.1. */
    private static boolean isMappedToNothing(int point) {
        return point == 0xad
                || point == 0x34f
                || point == 0x1806
                || isWithin(point, 0x180b, 0x180d)
                || isWithin(point, 0x200c, 0x200d)
                || point == 0x2060
                || isWithin(point, 0xfe00, 0xfe0f)
                || point == 0xfeff;
    }

    /** Tables C.1.2 to C.9, and what is not assigned. */
    private static boolean isProhibited(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            default ->
                    isOtherSpace(point)
                            || isProhibitedFormat(point)
                            || isWithin(point, 0x2ff0, 0x2ffb)
                            || isWithin(point, 0xfff9, 0xfffd)
                            || isWithin(point, 0x340, 0x341);
        };
    }

    private static boolean isProhibitedFormat(int point) {
        return point == 0x6dd
                || point == 0x70f
                || point == 0x180e
                || isWithin(point, 0x200c, 0x200f)
                || isWithin(point, 0x202a, 0x202e)
                || isWithin(point, 0x2060, 0x2063)
                || isWithin(point, 0x206a, 0x206f)
                || point == 0xfeff
                || isWithin(point, 0x1d173, 0x1d17a)
                || isWithin(point, 0xe0001, 0xe007f);
    }

    /** A text with letters from right to left has no others, and begins and ends with them. */
    private static boolean hasOneDirection(String text) {
        if (text.codePoints().noneMatch(SaslPrep::isRightToLeft)) {
            return true;
        }
        return text.codePoints()
                        .noneMatch(point ->
                                Character.getDirectionality(point)
                                        == Character.DIRECTIONALITY_LEFT_TO_RIGHT)
                && isRightToLeft(text.codePointAt(0))
                && isRightToLeft(text.codePointBefore(text.length()));
    }

    private static boolean isRightToLeft(int point) {
        byte direction = Character.getDirectionality(point);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }

    private static boolean isWithin(int point, int from, int to) {
        return point >= from && point <= to;
    }
}
