package io.heliosdb.pg.proto;

/** Who sends data in a COPY. */
public enum CopyDirection {
    /** The client. */
    IN('G'),
    /** The server. */
    OUT('H'),
    /** Both, which is replication. */
    BOTH('W');

    private final char type;

    CopyDirection(char type) {
        this.type = type;
    }

    char type() {
        return type;
    }
}
