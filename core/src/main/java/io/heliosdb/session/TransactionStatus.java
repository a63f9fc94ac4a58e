package io.heliosdb.session;

/**
 * Where a session stands, as ReadyForQuery says it.
 *
 * @see <a href="https://www.postgresql.org/docs/15/protocol-message-formats.html">PostgreSQL:
 *     ReadyForQuery</a>
 */
public enum TransactionStatus {
    /** Not in a transaction block. */
    IDLE('I'),
    /** In a transaction block. */
    IN_BLOCK('T'),
    /** In a failed transaction block: only its end is accepted. */
    FAILED('E');

    private final char code;

    TransactionStatus(char code) {
        this.code = code;
    }

    /**
     * The status byte on the wire.
     *
     * @return I, T or E
     */
    public char code() {
        return code;
    }
}
