package io.heliosdb.pg.type;

/** Hexadecimal digits, lower case. */
final class Hex {
    private static final byte[] DIGITS = {
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };

    private Hex() {}

    /** Writes the lowest digits of a number. */
    static void put(long value, int digits, ByteSink out) {
        for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
            out.putByte(DIGITS[(int) (value >>> shift) & 15]);
        }
    }

    /** The value of an ASCII digit, or -1. */
    static int digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int letter = c | 0x20;
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }
}
