package io.heliosdb.engine;

import org.h2.api.ErrorCode;
import org.h2.engine.Database;
import org.h2.engine.SessionLocal;
import org.h2.engine.User;
import org.h2.message.DbException;
import org.h2.schema.MetaSchema;
import org.h2.schema.Schema;
import org.h2.table.Table;
import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A schema of system views, in the place of the store's own one of that name. A view is made when
 * it is first named.
 */
final class CatalogSchema extends MetaSchema {
    private static final class Shapes {
        static final CatalogShapes LOADED =
                ServiceLoader.load(CatalogShapes.class, CatalogShapes.class.getClassLoader())
                        .findFirst()
                        .orElse((schema, name) -> null);
    }

    private final Map<String, Table> tables = new ConcurrentHashMap<>();

    /** What the store shows to a session of its own. */
    private final Schema inner;

    CatalogSchema(Database database, Schema inner) {
        super(database, inner.getId(), inner.getName(), (User) inner.getOwner());
        this.inner = inner;
    }

    /** Replaces the store's system schemas; must come before anything is put into them. */
    static void install(Database database) {
        for (String name : new String[] {Engine.CATALOG_SCHEMA, Engine.INFORMATION_SCHEMA}) {
            var own = database.getSchema(name);
            StoreAccess.replaceSchema(database, new CatalogSchema(database, own));
        }
    }

    @Override
    protected Map<String, Table> getMap(SessionLocal session) {
        return Map.of();
    }

    @Override
    public @Nullable Table findTableOrView(SessionLocal session, String name) {
        if (!EngineSession.isKnown(session)) {
            return inner.findTableOrView(session, name);
        }
        Table known = tables.get(name);
        if (known != null) {
            return known;
        }
        if (name.equals(PositionsTable.NAME)) {
            return tables.computeIfAbsent(name, ignored -> new PositionsTable(this));
        }
        CatalogRelation shape = Shapes.LOADED.relation(getName(), name);
        return shape == null
                ? null
                : tables.computeIfAbsent(name, ignored -> new CatalogTable(this, shape));
    }

    @Override
    public Table getTableOrView(SessionLocal session, String name) {
        Table found = findTableOrView(session, name);
        if (found == null) {
            throw DbException.get(ErrorCode.TABLE_OR_VIEW_NOT_FOUND_1, name);
        }
        return found;
    }

    @Override
    public @Nullable Table getTableOrViewByName(SessionLocal session, String name) {
        return findTableOrView(session, name);
    }

    @Override
    public Collection<Table> getAllTablesAndViews(SessionLocal session) {
        return tables.values();
    }
}
