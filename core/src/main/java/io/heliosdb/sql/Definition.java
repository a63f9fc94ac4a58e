package io.heliosdb.sql;

import java.util.List;

/**
 * What a definition creates or drops, as far as it depends on what is there already.
 *
 * @param kind what the objects are
 * @param names their names
 * @param drops whether they are dropped, and else created
 * @param isConditional whether it says IF EXISTS or IF NOT EXISTS
 * @param cascades whether what depends on them is dropped, too
 */
public record Definition(
        Kind kind, List<TableName> names, boolean drops, boolean isConditional, boolean cascades) {
    /** Copies the list. */
    public Definition {
        names = List.copyOf(names);
    }

    static Definition creating(Kind kind, TableName name, boolean isConditional) {
        return new Definition(kind, List.of(name), false, isConditional, false);
    }

    /** A kind of object. */
    public enum Kind {
        /** A table. */
        TABLE("table"),
        /** A view. */
        VIEW("view"),
        /** An index. */
        INDEX("index"),
        /** A sequence. */
        SEQUENCE("sequence"),
        /** A schema. */
        SCHEMA("schema");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /**
         * Its name in messages.
         *
         * @return in lower case
         */
        public String word() {
            return word;
        }

        static Kind of(String word) {
            for (Kind kind : values()) {
                if (kind.word.equals(word)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException(word);
        }
    }
}
