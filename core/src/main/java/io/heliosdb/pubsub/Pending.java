package io.heliosdb.pubsub;

import io.heliosdb.pg.Lsn;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A transaction whose place in the order is fixed and whose outcome is not. Whoever appended it
 * owes exactly one {@link PubSub#publish} or {@link PubSub#abandon}: every later transaction waits
 * for it.
 */
public final class Pending {
    /** Where a transaction stands; only {@code APPENDED} holds up those behind it. */
    enum State {
        APPENDED,
        PUBLISHED,
        ABANDONED,
        PASSED
    }

    final int pid;
    List<Message> messages;
    List<ListenAction> actions;
    @Nullable DeliveryQueue own;
    Admission.Grant grant = Admission.Grant.NONE;
    int channelsReserved;

    /** Written under the order lock before the transaction is linked, constant after. */
    long lsn;

    /** The position behind its record, or its own where it has none; written with {@link #lsn}. */
    long end;

    /** Whether it has a record; written with {@link #lsn}. */
    boolean isRecorded;

    /** Where its notifications stand: its record, or the place before the next one. */
    long at;

    /** Where they begin to count there. */
    int ordinal;

    /** How many came before the next record without one of their own; the deliverer's. */
    int unrecorded;

    /**
     * The one appended after this; written under the order lock, cut by the deliverer that passes
     * it.
     */
    volatile @Nullable Pending next;

    /** Written by the owner until it publishes or abandons, then by the deliverer. */
    volatile State state = State.APPENDED;

    /** The owner, while it waits for the deliverer; written by the owner. */
    volatile @Nullable Thread waiter;

    Pending(
            List<Message> messages,
            int pid,
            List<ListenAction> actions,
            @Nullable DeliveryQueue own) {
        this.messages = messages;
        this.pid = pid;
        this.actions = actions;
        this.own = own;
    }

    /** The start of the order: passed before anything is appended. */
    static Pending origin() {
        var origin = new Pending(List.of(), 0, List.of(), null);
        origin.state = State.PASSED;
        return origin;
    }

    /**
     * The transaction's position.
     *
     * @return unique, and greater than that of every transaction appended before
     */
    public Lsn lsn() {
        return new Lsn(lsn);
    }

    /** The owner's word on the outcome; it is given once. */
    void finish(State outcome) {
        if (state != State.APPENDED) {
            throw new IllegalStateException("a transaction is published or abandoned once");
        }
        state = outcome;
    }

    /** Forgets what it carried: the last transaction that passed stays reachable. */
    void passed() {
        messages = List.of();
        actions = List.of();
        own = null;
        grant = Admission.Grant.NONE;
        state = State.PASSED;
    }
}
