package io.heliosdb.client;

/** When a connection that was lost is opened again. */
public enum Reconnect {
    /** At once, whether or not somebody waits. */
    EAGER,
    /** When somebody next waits for a delivery or has a statement for it. */
    LAZY
}
