package io.heliosdb.engine;

/** What happens to a row. */
public enum RowEvent {
    /** A new row. */
    INSERT,
    /** A changed row. */
    UPDATE,
    /** A row that goes. */
    DELETE,
    /** All rows go at once; there is no row to hear of. */
    TRUNCATE
}
