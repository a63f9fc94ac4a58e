package io.heliosdb.pg.pgoutput;

import java.util.Arrays;

/** A column's value in a row change. */
public sealed interface Datum {
    /** NULL. */
    record Null() implements Datum {}

    /** A long value that the statement did not change, and that is not sent again. */
    record Unchanged() implements Datum {}

    /**
     * A value in its type's text form.
     *
     * @param text the text
     */
    record Text(String text) implements Datum {}

    /**
     * A value in its type's binary form.
     *
     * @param bytes the value; not copied
     */
    @SuppressWarnings("ArrayRecordComponent") // equality is defined below
    record Binary(byte[] bytes) implements Datum {
        @Override
        public boolean equals(Object other) {
            return other instanceof Binary(var theirs) && Arrays.equals(bytes, theirs);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "Binary[" + bytes.length + " bytes]";
        }
    }
}
