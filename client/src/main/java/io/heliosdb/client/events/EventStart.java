package io.heliosdb.client.events;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.Token;

import java.util.regex.Pattern;

/** From where a stream of events begins. */
public sealed interface EventStart {
    /** With what commits from now on. */
    record Now() implements EventStart {}

    /**
     * Strictly after an event.
     *
     * @param token its place, or {@link EventStream#position}
     */
    record After(Token token) implements EventStart {}

    /**
     * Where a consumer stands. Its place is kept by the engine and moves on with {@link
     * EventStream#ack}: each event comes at least once. One reader at a time has it, and that is
     * the newest.
     *
     * @param name 1 to 40 lower-case letters, digits and underscores
     */
    record Consumer(String name) implements EventStart {
        private static final Pattern NAME = Pattern.compile("[a-z0-9_]{1,40}");

        /** Rejects a name that not every engine can have, with 22023. */
        public Consumer {
            if (!NAME.matcher(name).matches()) {
                throw new PgException(
                        SqlState.INVALID_PARAMETER_VALUE,
                        "a consumer's name has 1 to 40 lower-case letters, digits and underscores: "
                                + name);
            }
        }
    }

    /**
     * With what commits from now on.
     *
     * @return the begin
     */
    static EventStart now() {
        return new Now();
    }

    /**
     * Strictly after an event; what of that is not kept any more is told by a gap.
     *
     * @param token its place, or {@link EventStream#position}
     * @return the begin
     */
    static EventStart after(Token token) {
        return new After(token);
    }

    /**
     * Where a consumer stands; one that does not exist is made, and begins now.
     *
     * @param name 1 to 40 lower-case letters, digits and underscores
     * @return the begin
     * @throws PgException 22023 for another name
     */
    static EventStart consumer(String name) {
        return new Consumer(name);
    }
}
