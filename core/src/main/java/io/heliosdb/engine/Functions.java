package io.heliosdb.engine;

import io.heliosdb.pg.Oid;

import org.h2.api.Aggregate;
import org.h2.engine.Database;
import org.h2.schema.FunctionAlias;
import org.h2.schema.Schema;
import org.h2.schema.UserAggregate;
import org.h2.value.TypeInfo;
import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * Puts the functions written in Java into the catalog's schema, anew at each opening and as
 * temporary objects, so that no class is ever named in the file. Tables and views of the file may
 * use them, so they must be there before the store reads its tables.
 */
final class Functions {
    private static final Map<String, SqlFunction> ALL = load();

    private Functions() {}

    static void register(Database database) {
        Schema schema = database.getSchema(Engine.CATALOG_SCHEMA);
        for (SqlFunction function : ALL.values()) {
            schema.add(
                    Aggregate.class.isAssignableFrom(function.owner())
                            ? aggregate(schema, function)
                            : alias(schema, function));
        }
    }

    static @Nullable SqlFunction named(String name) {
        return ALL.get(name);
    }

    private static Map<String, SqlFunction> load() {
        var functions = new HashMap<String, SqlFunction>();
        var libraries = ServiceLoader.load(FunctionLibrary.class, Functions.class.getClassLoader());
        for (FunctionLibrary library : libraries) {
            for (SqlFunction function : library.functions()) {
                functions.put(function.name(), function);
            }
        }
        return Map.copyOf(functions);
    }

    private static UserAggregate aggregate(Schema schema, SqlFunction function) {
        String owner = function.owner().getName();
        var aggregate = new UserAggregate(schema, 0, function.name(), owner, false);
        aggregate.setTemporary(true);
        return aggregate;
    }

    private static FunctionAlias alias(Schema schema, SqlFunction function) {
        String method = function.owner().getName() + "." + function.method();
        var alias = FunctionAlias.newInstance(schema, 0, function.name(), method, false);
        alias.setTemporary(true);
        alias.setDeterministic(function.isPure());
        TypeInfo type = resultType(function.resultOid());
        if (type != null) {
            for (FunctionAlias.JavaMethod overload : alias.getJavaMethods()) {
                StoreAccess.setResultType(overload, type);
            }
        }
        return alias;
    }

    /** The store's type where it would take the values for Java objects. */
    private static @Nullable TypeInfo resultType(int oid) {
        return switch (oid) {
            case Oid.TEXT -> TypeInfo.TYPE_VARCHAR;
            case Oid.JSON -> TypeInfo.TYPE_JSON;
            case Oid.JSONB -> Types.JSONB_TYPE;
            case Oid.NUMERIC -> Numerics.UNBOUNDED;
            case SqlFunction.TYPE_OF_OTHERS -> TypeInfo.TYPE_UNKNOWN;
            default -> null;
        };
    }
}
