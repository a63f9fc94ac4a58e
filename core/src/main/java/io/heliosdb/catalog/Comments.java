package io.heliosdb.catalog;

import io.heliosdb.engine.EngineSession;

import org.jspecify.annotations.Nullable;

import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.Map;

/** Comments by the objects they are about. */
final class Comments {
    private record Key(long object, long catalog, long part) {}

    /** Stands for whichever catalog holds the object. */
    private static final long ANY = 0;

    private static volatile SoftReference<Comments> builtIn = new SoftReference<>(null);

    private final Map<Key, String> all = new HashMap<>();

    static Comments of(EngineSession session, Context context) {
        var comments = new Comments();
        var shape = SystemRelations.require(SystemRelations.PG_CATALOG, "pg_description");
        var rows = new Rows(shape);
        ConstraintRows.descriptions(context, rows);
        rows.list().forEach(comments::add);
        assert session == context.session() : "comments are read by the session that asks";
        return comments;
    }

    @Nullable String find(long object, long catalog, int part) {
        var key = new Key(object, catalog, part);
        String found = all.get(key);
        return found == null ? builtIn().all.get(key) : found;
    }

    private static Comments builtIn() {
        Comments known = builtIn.get();
        if (known == null) {
            known = new Comments();
            var shape = SystemRelations.require(SystemRelations.PG_CATALOG, "pg_description");
            BuiltIns.rows(shape).forEach(known::add);
            builtIn = new SoftReference<>(known);
        }
        return known;
    }

    private void add(@Nullable Object[] row) {
        if (row[0] instanceof Number object
                && row[1] instanceof Number catalog
                && row[2] instanceof Number part) {
            String text = String.valueOf(row[3]);
            all.put(new Key(object.longValue(), catalog.longValue(), part.longValue()), text);
            all.putIfAbsent(new Key(object.longValue(), ANY, part.longValue()), text);
        }
    }
}
