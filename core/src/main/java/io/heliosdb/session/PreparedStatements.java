package io.heliosdb.session;

import io.heliosdb.engine.SessionObjects;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The prepared statements of a session, by name; the protocol's and SQL's are the same. */
final class PreparedStatements {
    private record Kept(Prepared prepared, String text, OffsetDateTime at, boolean isFromSql) {}

    private final Map<String, Kept> statements = new LinkedHashMap<>();
    private final int max;

    PreparedStatements(int max) {
        this.max = max;
    }

    /**
     * Keeps a statement by a name that is not taken.
     *
     * @param text what pg_prepared_statements shows
     * @param isFromSql whether PREPARE made it
     * @throws PgException 42P05 where the name is taken, 53400
     */
    void keep(String name, Prepared prepared, String text, boolean isFromSql) {
        if (statements.containsKey(name)) {
            throw new PgException(
                    SqlState.DUPLICATE_PREPARED_STATEMENT,
                    "prepared statement \"" + name + "\" already exists");
        }
        Portals.requireRoom(statements.size(), max, "prepared statements");
        var now = OffsetDateTime.now(ZoneOffset.UTC);
        statements.put(name, new Kept(prepared, text, now, isFromSql));
    }

    /** A statement by name; 26000 where there is none. */
    Prepared require(String name) {
        return required(name, statements.get(name)).prepared;
    }

    /** Forgets a statement; 26000 where there is none. */
    void deallocate(String name) {
        required(name, statements.remove(name));
    }

    /** Forgets a statement, if there is one. */
    void forget(String name) {
        statements.remove(name);
    }

    void clear() {
        statements.clear();
    }

    /** What pg_prepared_statements shows; not the unnamed one. */
    List<SessionObjects.PreparedStatement> describe() {
        return statements.entrySet().stream()
                .filter(entry -> !entry.getKey().isEmpty())
                .map(entry -> describe(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static SessionObjects.PreparedStatement describe(String name, Kept kept) {
        return new SessionObjects.PreparedStatement(
                name,
                kept.text,
                kept.at,
                Arrays.stream(kept.prepared.parameterOids()).boxed().toList(),
                kept.isFromSql);
    }

    private static Kept required(String name, @Nullable Kept kept) {
        if (kept == null) {
            throw new PgException(
                    SqlState.INVALID_SQL_STATEMENT_NAME,
                    name.isEmpty()
                            ? "unnamed prepared statement does not exist"
                            : "prepared statement \"" + name + "\" does not exist");
        }
        return kept;
    }
}
