package io.heliosdb.engine;

import org.h2.engine.Database;
import org.h2.schema.FunctionAlias;
import org.h2.schema.Schema;

import java.lang.reflect.Modifier;
import java.sql.Connection;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * Puts the functions written in Java into the catalog's schema, anew at each opening and as
 * temporary objects, so that no class is ever named in the file.
 */
final class Functions {
    private Functions() {}

    static Map<String, SqlFunction> register(Database database) {
        var functions = new HashMap<String, SqlFunction>();
        Schema schema = database.getSchema(Engine.CATALOG_SCHEMA);
        for (FunctionLibrary library : ServiceLoader.load(FunctionLibrary.class, loader())) {
            for (SqlFunction function : library.functions()) {
                functions.put(function.name(), function);
                schema.add(alias(database, schema, function));
            }
        }
        return Map.copyOf(functions);
    }

    static boolean takesText(SqlFunction function) {
        for (var method : function.owner().getMethods()) {
            if (!method.getName().equals(function.method())
                    || !Modifier.isStatic(method.getModifiers())) {
                continue;
            }
            for (Class<?> parameter : method.getParameterTypes()) {
                if (parameter != Connection.class && parameter != String.class) {
                    return false;
                }
            }
        }
        return true;
    }

    private static ClassLoader loader() {
        return Functions.class.getClassLoader();
    }

    private static FunctionAlias alias(Database database, Schema schema, SqlFunction function) {
        String method = function.owner().getName() + "." + function.method();
        var alias =
                FunctionAlias.newInstance(
                        schema, database.allocateObjectId(), function.name(), method, false);
        alias.setTemporary(true);
        return alias;
    }
}
