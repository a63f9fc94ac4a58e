package io.heliosdb.engine;

import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;

import java.sql.Connection;

/** Gives a database of the store's own the functions and the mode that an engine's has. */
public final class StoreFunctions {
    private StoreFunctions() {}

    /**
     * Registers them, for the database of a connection.
     *
     * @param connection the store's
     */
    public static void register(Connection connection) {
        var session = (SessionLocal) ((JdbcConnection) connection).getSession();
        var database = session.getDatabase();
        database.setMode(StoreAccess.keepingScale(database.getMode()));
        Functions.register(database);
        session.setSchemaSearchPath(new String[] {"public", Engine.CATALOG_SCHEMA});
    }

    /**
     * PostgreSQL's oid of a type in the store's words.
     *
     * @param connection the store's
     * @param type the type
     * @return its oid
     */
    public static int oid(Connection connection, String type) {
        var session = (SessionLocal) ((JdbcConnection) connection).getSession();
        var query =
                (org.h2.command.query.Query) session.prepare("SELECT CAST(NULL AS " + type + ")");
        return Types.oid(query.getExpressions().getFirst().getType());
    }
}
