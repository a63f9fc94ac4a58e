package io.heliosdb.session;

import io.heliosdb.engine.SessionObjects;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Statement;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The portals of a session, by name: those of the protocol and the cursors of SQL share one name
 * space. A portal lives as long as its transaction, or until that is rolled back to a savepoint
 * before it; a cursor WITH HOLD lives on from the commit until it is closed. Confined to the
 * session.
 */
final class Portals {
    private final Map<String, Bound> portals = new LinkedHashMap<>();
    private final int max;

    /** Counts the portals that were ever opened. */
    private long opened;

    Portals(int max) {
        this.max = max;
    }

    /** 42P03 where there is a portal of that name. */
    void requireFree(String name) {
        if (portals.containsKey(name)) {
            throw new PgException(
                    SqlState.DUPLICATE_CURSOR, "cursor \"" + name + "\" already exists");
        }
        requireRoom(portals.size(), max, "portals");
    }

    /** Keeps a portal by its name. */
    void open(Bound portal) {
        requireFree(portal.name());
        portal.openedAs(opened++);
        portals.put(portal.name(), portal);
    }

    @Nullable Bound find(String name) {
        return portals.get(name);
    }

    /** Whether a statement gives rows of a cursor declared BINARY. */
    boolean isOfBinaryCursor(Statement statement) {
        if (!(statement instanceof Statement.Fetch fetch)) {
            return false;
        }
        var cursor = portals.get(fetch.cursor());
        return cursor != null && cursor.isBinary();
    }

    /** A portal as FETCH and CLOSE name it; 34000 where there is none. */
    Bound requireCursor(String name) {
        return required("cursor", name);
    }

    /** A portal as the protocol names it; 34000 where there is none. */
    Bound requirePortal(String name) {
        return required("portal", name);
    }

    private Bound required(String word, String name) {
        var portal = portals.get(name);
        if (portal == null) {
            throw new PgException(
                    SqlState.INVALID_CURSOR_NAME, word + " \"" + name + "\" does not exist");
        }
        return portal;
    }

    /** Closes a portal, if there is one. */
    void close(String name) {
        var portal = portals.remove(name);
        if (portal != null) {
            portal.close();
        }
    }

    void closeAll() {
        closeThese(List.copyOf(portals.values()));
    }

    /** A place to roll back to. */
    long mark() {
        return opened;
    }

    /** Closes what was opened after a place. */
    void rollbackTo(long mark) {
        closeThese(portals.values().stream().filter(portal -> portal.serial() >= mark).toList());
    }

    /** The transaction is committed: cursors WITH HOLD are the session's from now on. */
    void commit() {
        var ended = new ArrayList<Bound>();
        for (var portal : portals.values()) {
            if (portal.isHold()) {
                portal.hold();
            } else {
                ended.add(portal);
            }
        }
        closeThese(ended);
    }

    /** The transaction is rolled back: what it opened is closed. */
    void rollback() {
        closeThese(portals.values().stream().filter(portal -> !portal.isHeld()).toList());
    }

    /** What pg_cursors shows. */
    List<SessionObjects.Cursor> describe() {
        return portals.values().stream().map(Bound::describe).toList();
    }

    private void closeThese(List<Bound> these) {
        for (var portal : these) {
            portals.remove(portal.name(), portal);
            portal.close();
        }
    }

    static void requireRoom(int size, int max, String what) {
        if (size >= max) {
            throw new PgException(
                            SqlState.CONFIGURATION_LIMIT_EXCEEDED,
                            "too many " + what + " in this session: " + size)
                    .withHint("Close what is no longer used, or raise max_prepared_statements.");
        }
    }
}
