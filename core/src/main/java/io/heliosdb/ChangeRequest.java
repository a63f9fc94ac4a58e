package io.heliosdb;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.util.List;
import java.util.function.Function;

/** What a {@link ChangeStream} is to tell; {@link #from} opens it. Immutable. */
public final class ChangeRequest {
    private final String slot;
    private final boolean withSnapshot;
    private final Function<Wanted, ChangeStream> opener;

    /** What was asked for. */
    record Wanted(String slot, boolean withSnapshot, List<String> publications) {}

    ChangeRequest(String slot, boolean withSnapshot, Function<Wanted, ChangeStream> opener) {
        this.slot = slot;
        this.withSnapshot = withSnapshot;
        this.opener = opener;
    }

    /**
     * Has a slot that is new tell first the rows that are there, and then what was committed from
     * that moment on: no change is missing in between, and none comes twice. A slot that is there
     * already goes on at its place.
     *
     * @return such a request
     */
    public ChangeRequest withSnapshot() {
        return new ChangeRequest(slot, true, opener);
    }

    /**
     * Opens the stream. A slot that does not exist is made, and keeps what is committed from then
     * on until it is acknowledged; {@code pg_drop_replication_slot} removes it.
     *
     * @param publications the publications whose changes are wanted, one at least
     * @return to be closed by the caller
     * @throws PgException 42704 for a publication that does not exist, 55006 where another reader
     *     has the slot, 55000 where the slot is lost, is of another plugin than pgoutput, or the
     *     database keeps no log, 53400 beyond max_replication_slots, 42602 for a name that no slot
     *     can have
     */
    public ChangeStream from(String... publications) {
        if (publications.length == 0) {
            throw new PgException(
                    SqlState.INVALID_PARAMETER_VALUE, "a change stream needs a publication");
        }
        return opener.apply(new Wanted(slot, withSnapshot, List.of(publications)));
    }
}
