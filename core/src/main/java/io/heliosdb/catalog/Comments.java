package io.heliosdb.catalog;

import io.heliosdb.engine.EngineSession;

import org.jspecify.annotations.Nullable;

import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.Map;

/** Comments by the objects they are about. */
final class Comments {
    private record Key(long object, long part) {}

    private record Comment(long catalog, String text) {}

    private static volatile SoftReference<Comments> builtIn = new SoftReference<>(null);

    private final Map<Key, Comment> all = new HashMap<>();

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
        Comment found = all.get(new Key(object, part));
        if (found == null) {
            found = builtIn().all.get(new Key(object, part));
        }
        return found != null && (catalog == 0 || found.catalog == catalog) ? found.text : null;
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
            all.put(
                    new Key(object.longValue(), part.longValue()),
                    new Comment(catalog.longValue(), String.valueOf(row[3])));
        }
    }
}
