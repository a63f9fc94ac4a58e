package io.heliosdb;

import io.heliosdb.spi.Link;
import io.heliosdb.spi.LinkStatement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The statements that a connection has parsed, by text and parameter types; the least recently used
 * one makes room. Confined to the connection's user.
 */
final class StatementCache {
    private static final int STATEMENTS_MAX = 256;

    private final Link link;
    private final Map<Key, LinkStatement> statements = new LinkedHashMap<>(16, 0.75f, true);

    StatementCache(Link link) {
        this.link = link;
    }

    private record Key(String sql, List<Integer> oids) {}

    LinkStatement statement(String sql, int[] oids) {
        var key = new Key(sql, Arrays.stream(oids).boxed().toList());
        var known = statements.get(key);
        if (known != null) {
            return known;
        }
        var parsed = link.prepare(sql, oids);
        if (statements.size() >= STATEMENTS_MAX) {
            forget(statements.keySet().iterator().next());
        }
        statements.put(key, parsed);
        return parsed;
    }

    void forget(String sql) {
        for (var key : new ArrayList<>(statements.keySet())) {
            if (key.sql.equals(sql)) {
                forget(key);
            }
        }
    }

    private void forget(Key key) {
        var statement = statements.remove(key);
        if (statement != null) {
            link.release(statement);
        }
    }
}
