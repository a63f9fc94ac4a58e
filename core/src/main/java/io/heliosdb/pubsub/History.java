package io.heliosdb.pubsub;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Gap;

import java.util.List;

/**
 * What was notified before, for subscriptions that come back or lag behind. Called by the threads
 * that take from subscriptions; may read files. Many threads.
 */
public interface History {
    /**
     * Where a subscription begins.
     *
     * @param after everything up to here it does not want
     * @param line where the timeline begins that it knows of
     * @param gaps what is not kept any more, oldest first
     * @param lead that one of the gaps which reading on does not come upon by itself
     */
    record Start(Place after, long line, List<Gap> gaps, List<Gap> lead) {
        /** Copies the gaps. */
        public Start {
            gaps = List.copyOf(gaps);
            lead = List.copyOf(lead);
        }
    }

    /**
     * A stretch of history.
     *
     * @param deliveries notifications in their order, and gaps where something is missing
     * @param reached how far that is
     * @param line where the timeline begins that it ends in
     */
    record Chunk(List<Delivery> deliveries, Place reached, long line) {}

    /** A reader's claim on what it has not read yet. */
    interface Claim extends AutoCloseable {
        /**
         * The reader has read up to a place.
         *
         * @param reached not before any earlier one
         */
        void advance(Place reached);

        @Override
        void close();
    }

    /**
     * Finds where a subscription begins.
     *
     * @param since what was asked for
     * @return the place, and what is missing
     * @throws io.heliosdb.pg.PgException 58030 where the disk fails
     */
    Start start(Since since);

    /**
     * Reads on.
     *
     * @param after strictly from here
     * @param line where the timeline begins that the reader knows of
     * @param upTo not beyond this
     * @param interest which channels
     * @param bytesMax about how much to read at once; a record more is read anyway
     * @return the next stretch, which may be empty
     * @throws io.heliosdb.pg.PgException XX001 where it is damaged, 58030 where the disk fails
     */
    Chunk read(Place after, long line, Place upTo, Interest interest, int bytesMax);

    /**
     * Keeps the history from a place on; without I/O.
     *
     * @param after what comes behind
     * @return to be closed by the caller
     */
    Claim claim(Place after);

    /**
     * The timeline of a place.
     *
     * @param place in this history
     * @return its id; 0 where that is not known
     */
    long timelineAt(Place place);

    /**
     * The timeline of what is sent now.
     *
     * @return its id
     */
    long timeline();

    /**
     * Where that timeline begins.
     *
     * @return a position
     */
    long line();
}
