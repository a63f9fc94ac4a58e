package io.heliosdb.client;

import io.heliosdb.pg.Delivery;

/** Where a link's thread puts what it read; called by that thread only. */
interface DeliverySink {
    /** Takes a delivery, in the order of arrival. */
    void accept(Delivery delivery);

    /**
     * Whether to read on. After a false, {@link ListenerLink#wake} must be called when there is
     * room.
     */
    boolean hasRoom();

    /** Whether nothing more is taken, so that there is no reason to read. */
    boolean isEnded();
}
