package io.heliosdb.pubsub;

import io.heliosdb.pg.Token;

/**
 * A place in the history of notifications, in the order in which they are delivered: everything up
 * to and with it, or nothing more. Records begin at multiples of 8; so the byte before a record's
 * first is a place of its own, for what is sent between two records without being recorded.
 *
 * @param lsn the position of a record, or the byte before one
 * @param ordinal a notification's place there; notifications that leave no record count from 1
 */
public record Place(long lsn, int ordinal) implements Comparable<Place> {
    private static final int ALIGNMENT = 8;

    /**
     * What comes at a position or later is still to come.
     *
     * @param position where a record begins or will begin
     * @return the place before it, and before what is sent there without a record
     */
    public static Place before(long position) {
        return new Place(position - 1, 0);
    }

    /**
     * What comes at a position or later is still to come, but nothing that is sent before it
     * without a record.
     *
     * @param position where a record begins
     * @return the place just before it
     */
    public static Place justBefore(long position) {
        return new Place(position - 1, Integer.MAX_VALUE);
    }

    /**
     * The place of a token.
     *
     * @param token any
     * @return the same place, whatever its timeline
     */
    public static Place of(Token token) {
        return new Place(token.lsn().value(), token.ordinal());
    }

    /**
     * Where the first record is that may hold something behind this place.
     *
     * @return the position of a record, or of the end
     */
    public long position() {
        return lsn % ALIGNMENT == ALIGNMENT - 1 ? lsn + 1 : lsn;
    }

    /** The place before one of a transaction's notifications. */
    static Place before(QueuedTransaction transaction) {
        var first = transaction.notifications[0];
        int ordinal = first.ordinal();
        return ordinal == 0 ? justBefore(transaction.lsn) : new Place(transaction.lsn, ordinal - 1);
    }

    @Override
    public int compareTo(Place other) {
        int order = Long.compare(lsn, other.lsn);
        return order != 0 ? order : Integer.compare(ordinal, other.ordinal);
    }

    /** Whether it comes before another. */
    boolean isBefore(Place other) {
        return compareTo(other) < 0;
    }

    Place min(Place other) {
        return isBefore(other) ? this : other;
    }

    Place max(Place other) {
        return isBefore(other) ? other : this;
    }
}
