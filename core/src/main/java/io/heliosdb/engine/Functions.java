package io.heliosdb.engine;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.type.PgType;

import org.h2.api.Aggregate;
import org.h2.engine.Database;
import org.h2.mode.FunctionsPostgreSQL;
import org.h2.schema.FunctionAlias;
import org.h2.schema.Schema;
import org.h2.schema.UserAggregate;
import org.h2.value.TypeInfo;
import org.h2.value.Value;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * Puts the functions written in Java into the catalog's schema, anew at each opening and as
 * temporary objects, so that no class is ever named in the file. Tables and views of the file may
 * use them, so they must be there before the store reads its tables.
 */
final class Functions {
    private static final String PREFIX = "helios_";
    private static final Map<String, SqlFunction> ALL = load();

    private static final int RECORD = 2249;

    /** A function that calls those of users is there for each type that they may give. */
    private static final List<String> RESULT_TYPES = resultTypes();

    private Functions() {}

    private static List<String> resultTypes() {
        var types =
                List.of(
                        "bool",
                        "int2",
                        "int4",
                        "int8",
                        "float4",
                        "float8",
                        "numeric",
                        "text",
                        "varchar",
                        "bpchar",
                        "name",
                        "bytea",
                        "date",
                        "time",
                        "timetz",
                        "timestamp",
                        "timestamptz",
                        "interval",
                        "uuid",
                        "json",
                        "jsonb",
                        "oid");
        var all = new ArrayList<String>(List.of("record", "void"));
        for (String type : types) {
            all.add(type);
            all.add('_' + type);
        }
        return List.copyOf(all);
    }

    static void register(Database database) {
        CatalogSchema.install(database);
        Schema schema = database.getSchema(Engine.CATALOG_SCHEMA);
        for (SqlFunction function : ALL.values()) {
            schema.add(
                    Aggregate.class.isAssignableFrom(function.owner())
                            ? aggregate(schema, function)
                            : alias(schema, function));
        }
        for (String type : RESULT_TYPES) {
            int oid = resultOid(type);
            var alias = routineCall(schema, "helios_call_" + type, "call");
            StoreAccess.setResultType(alias.getJavaMethods()[0], Types.info(oid));
            schema.add(alias);
        }
        var rows = routineCall(schema, "helios_rows", "rows");
        StoreAccess.setResultType(rows.getJavaMethods()[0], null);
        schema.add(rows);
    }

    private static FunctionAlias routineCall(Schema schema, String name, String method) {
        String path = "io.heliosdb.engine.function.RoutineFunctions." + method;
        var alias = FunctionAlias.newInstance(schema, 0, name, path, false);
        alias.setTemporary(true);
        return alias;
    }

    /** The type of what a function gives that calls a user's; 0 where it is none of them. */
    static int resultOid(String name) {
        String type = name.startsWith("helios_call_") ? name.substring(12) : name;
        return switch (type) {
            case "record" -> RECORD;
            case "void" -> Oid.VOID;
            default -> PgType.byName(type).map(PgType::oid).orElse(0);
        };
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
                if (FunctionsPostgreSQL.getFunction(function.name().toUpperCase(Locale.ROOT))
                        != null) {
                    // The store would find its own one when it reads a subquery again.
                    String name = PREFIX + function.name();
                    functions.put(name, function.named(name));
                }
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
            case Oid.TEXT, Oid.NAME -> TypeInfo.TYPE_VARCHAR;
            case Oid.JSON -> TypeInfo.TYPE_JSON;
            case Oid.JSONB -> Types.JSONB_TYPE;
            case Oid.NUMERIC -> Numerics.UNBOUNDED;
            case Oid.TEXT_ARRAY,
                    Oid.INT4_ARRAY,
                    Oid.NUMERIC_ARRAY,
                    Oid.JSON_ARRAY,
                    Oid.TIMESTAMP_ARRAY,
                    Oid.TIMESTAMPTZ_ARRAY ->
                    Types.info(oid);
            case Oid.JSONB_ARRAY -> TypeInfo.getTypeInfo(Value.ARRAY, -1, -1, Types.JSONB_TYPE);
            case SqlFunction.TEXT_ARRAYS ->
                    TypeInfo.getTypeInfo(Value.ARRAY, -1, -1, Types.info(Oid.TEXT_ARRAY));
            case SqlFunction.TYPE_OF_OTHERS -> TypeInfo.TYPE_UNKNOWN;
            default -> null;
        };
    }
}
