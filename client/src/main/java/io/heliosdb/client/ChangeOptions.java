package io.heliosdb.client;

import java.time.Duration;
import java.util.List;

/**
 * Which changes a {@link ChangeClient} reads, and how it keeps its connection.
 *
 * @param slot the replication slot's name: lower-case letters, digits and underscores
 * @param publications the publications' bare names
 * @param createSlot whether a slot that does not exist is created; its changes begin there
 * @param statusInterval how often the server is told how far this client has come, beside after
 *     each acknowledgement; it answers, so a connection that leads nowhere is found within this and
 *     {@code answerTimeout}
 * @param answerTimeout how long the server may take to answer or to connect
 * @param capacity how many changes wait to be taken before reading stops
 * @param backoffFirst the longest wait before the second attempt to connect; doubles with each
 * @param backoffMax the longest wait between two attempts
 * @param withMessages whether messages of {@code pg_logical_emit_message} come as well; a server
 *     before PostgreSQL 14 does not know them
 */
public record ChangeOptions(
        String slot,
        List<String> publications,
        boolean createSlot,
        Duration statusInterval,
        Duration answerTimeout,
        int capacity,
        Duration backoffFirst,
        Duration backoffMax,
        boolean withMessages) {

    /** Rejects names that the server would, and times and a capacity that are not positive. */
    public ChangeOptions {
        publications = List.copyOf(publications);
        if (!slot.matches("[a-z0-9_]{1,63}")) {
            throw new IllegalArgumentException(
                    "a slot's name has lower-case letters, digits and underscores: " + slot);
        }
        if (publications.isEmpty() || capacity < 1) {
            throw new IllegalArgumentException("there is a publication, and room for a change");
        }
        if (statusInterval.toMillis() < 1
                || answerTimeout.toMillis() < 1
                || backoffFirst.toMillis() < 1) {
            throw new IllegalArgumentException("times are at least a millisecond");
        }
    }

    /**
     * A slot that is created where it does not exist; tells the server every 10 s how far it is.
     *
     * @param slot the slot's name
     * @param publication the publication's bare name
     * @return the usual options
     */
    public static ChangeOptions of(String slot, String publication) {
        return new ChangeOptions(
                slot,
                List.of(publication),
                true,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                4096,
                Duration.ofMillis(50),
                Duration.ofSeconds(10),
                false);
    }

    /**
     * The same with other times.
     *
     * @param status how often the server is told
     * @param answer how long it may take to answer
     * @return a copy
     */
    public ChangeOptions withTimes(Duration status, Duration answer) {
        return new ChangeOptions(
                slot,
                publications,
                createSlot,
                status,
                answer,
                capacity,
                backoffFirst,
                backoffMax,
                withMessages);
    }

    /**
     * The same with messages.
     *
     * @return a copy
     */
    public ChangeOptions withLogicalMessages() {
        return new ChangeOptions(
                slot,
                publications,
                createSlot,
                statusInterval,
                answerTimeout,
                capacity,
                backoffFirst,
                backoffMax,
                true);
    }
}
