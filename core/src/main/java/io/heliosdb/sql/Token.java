package io.heliosdb.sql;

/** What a token is. */
public enum Token {
    /** The end of the input. */
    END,
    /** An unquoted word, folded; a key word or a name. */
    WORD,
    /** A name in double quotes. */
    QUOTED_NAME,
    /** A string constant in any of its forms. */
    STRING,
    /** A bit string constant, {@code B'…'} or {@code X'…'}. */
    BITS,
    /** A national string constant, {@code N'…'}. */
    NATIONAL,
    /** A whole number that fits 32 bits. */
    INTEGER,
    /** Any other number. */
    NUMBER,
    /** {@code $1} or {@code ?1}. */
    PARAMETER,
    /** A bare {@code ?} where a value may stand. */
    QUESTION,
    /** An operator. */
    OPERATOR,
    /** A punctuation character, or one of {@code :: .. := =>}. */
    PUNCTUATION,
    /** A character that starts no token. */
    OTHER
}
