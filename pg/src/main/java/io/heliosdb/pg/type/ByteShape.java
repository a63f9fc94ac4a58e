package io.heliosdb.pg.type;

/**
 * How long a character of an encoding is and which bytes it may have, by PostgreSQL's rules; for
 * characters whose first byte is above ASCII.
 */
enum ByteShape {
    /** One byte each. */
    SINGLE {
        @Override
        int width(byte[] bytes, int at, int end) {
            return 1;
        }

        @Override
        boolean isValid(byte[] bytes, int at, int width) {
            return true;
        }
    },
    /** Two bytes above a0. */
    EUC {
        @Override
        int width(byte[] bytes, int at, int end) {
            return 2;
        }

        @Override
        boolean isValid(byte[] bytes, int at, int width) {
            return within(bytes[at], 0xa1, 0xfe) && within(bytes[at + 1], 0xa1, 0xfe);
        }
    },
    /** As EUC, with two more sets after 8e and 8f. */
    EUC_JP {
        @Override
        int width(byte[] bytes, int at, int end) {
            return (bytes[at] & 0xff) == 0x8f ? 3 : 2;
        }

        @Override
        boolean isValid(byte[] bytes, int at, int width) {
            return switch (bytes[at] & 0xff) {
                case 0x8e -> within(bytes[at + 1], 0xa1, 0xdf);
                case 0x8f -> within(bytes[at + 1], 0xa1, 0xfe) && within(bytes[at + 2], 0xa1, 0xfe);
                default -> EUC.isValid(bytes, at, width);
            };
        }
    },
    /** Half-width kana in one byte, others in two of which the second may be ASCII. */
    SJIS {
        @Override
        int width(byte[] bytes, int at, int end) {
            return within(bytes[at], 0xa1, 0xdf) ? 1 : 2;
        }

        @Override
        boolean isValid(byte[] bytes, int at, int width) {
            if (width == 1) {
                return true;
            }
            byte second = bytes[at + 1];
            return (within(bytes[at], 0x81, 0x9f) || within(bytes[at], 0xe0, 0xfc))
                    && (within(second, 0x40, 0x7e) || within(second, 0x80, 0xfc));
        }
    },
    /** Two bytes of which the second may be ASCII. */
    DOUBLE {
        @Override
        int width(byte[] bytes, int at, int end) {
            return 2;
        }

        @Override
        boolean isValid(byte[] bytes, int at, int width) {
            return bytes[at + 1] != 0;
        }
    },
    /** Two or three bytes; only the first may be below a1. */
    JOHAB {
        @Override
        int width(byte[] bytes, int at, int end) {
            return (bytes[at] & 0xff) == 0x8f ? 3 : 2;
        }

        @Override
        boolean isValid(byte[] bytes, int at, int width) {
            boolean valid = true;
            for (int i = 1; i < width; i++) {
                valid &= within(bytes[at + i], 0xa1, 0xfe);
            }
            return valid;
        }
    },
    /** Two bytes, or four where the second is a digit. */
    GB18030 {
        @Override
        int width(byte[] bytes, int at, int end) {
            return at + 1 < end && within(bytes[at + 1], 0x30, 0x39) ? 4 : 2;
        }

        @Override
        boolean isValid(byte[] bytes, int at, int width) {
            if (!within(bytes[at], 0x81, 0xfe)) {
                return false;
            }
            if (width == 4) {
                return within(bytes[at + 2], 0x81, 0xfe) && within(bytes[at + 3], 0x30, 0x39);
            }
            byte second = bytes[at + 1];
            return within(second, 0x40, 0x7e) || within(second, 0x80, 0xfe);
        }
    };

    /** How many bytes the character at a place announces, be they there or not. */
    abstract int width(byte[] bytes, int at, int end);

    /** Whether a character that is there in full has the bytes it may have. */
    abstract boolean isValid(byte[] bytes, int at, int width);

    private static boolean within(byte value, int least, int most) {
        int unsigned = value & 0xff;
        return unsigned >= least && unsigned <= most;
    }
}
