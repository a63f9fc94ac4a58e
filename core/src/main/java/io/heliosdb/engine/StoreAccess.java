package io.heliosdb.engine;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.h2.api.Trigger;
import org.h2.command.Token;
import org.h2.command.ddl.CreateTable;
import org.h2.command.ddl.CreateTableData;
import org.h2.command.dml.DataChangeStatement;
import org.h2.engine.Database;
import org.h2.engine.Mode;
import org.h2.engine.SessionLocal;
import org.h2.engine.User;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.db.MVPrimaryIndex;
import org.h2.mvstore.db.MVTable;
import org.h2.mvstore.db.Store;
import org.h2.mvstore.tx.TransactionMap;
import org.h2.schema.FunctionAlias;
import org.h2.schema.Schema;
import org.h2.schema.TriggerObject;
import org.h2.table.DataChangeDeltaTable;
import org.h2.table.Table;
import org.h2.util.NetworkConnectionInfo;
import org.h2.value.TypeInfo;
import org.h2.value.VersionedValue;
import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The few members of the store that are not public. Its version is pinned, and a missing one fails
 * when this class is loaded.
 */
final class StoreAccess {
    private static final VarHandle TABLES;
    private static final VarHandle ROWS;
    private static final Field AUTO_COMMIT_MEMORY;
    private static final MethodHandle CREATE_SESSION;
    private static final MethodHandle TOKEN_TYPE;
    private static final MethodHandle TOKEN_IDENTIFIER;
    private static final VarHandle SCHEMAS;
    private static final VarHandle TABLE_DATA;
    private static final VarHandle CHANGE;
    private static final VarHandle TEMPORARY_TABLES;
    private static final VarHandle CALLBACK;
    private static final int OPEN_PAREN;
    private static final int DOT;

    static {
        try {
            var inStore = MethodHandles.privateLookupIn(Store.class, MethodHandles.lookup());
            TABLES = inStore.findVarHandle(Store.class, "tableMap", ConcurrentHashMap.class);
            ROWS =
                    MethodHandles.privateLookupIn(MVPrimaryIndex.class, MethodHandles.lookup())
                            .findVarHandle(MVPrimaryIndex.class, "dataMap", TransactionMap.class);
            AUTO_COMMIT_MEMORY = MVStore.class.getDeclaredField("autoCommitMemory");
            AUTO_COMMIT_MEMORY.setAccessible(true);
            var inDatabase = MethodHandles.privateLookupIn(Database.class, MethodHandles.lookup());
            SCHEMAS = inDatabase.findVarHandle(Database.class, "schemas", ConcurrentHashMap.class);
            CREATE_SESSION =
                    inDatabase.findVirtual(
                            Database.class,
                            "createSession",
                            MethodType.methodType(
                                    SessionLocal.class, User.class, NetworkConnectionInfo.class));
            var inToken = MethodHandles.privateLookupIn(Token.class, MethodHandles.lookup());
            TOKEN_TYPE =
                    inToken.findVirtual(Token.class, "tokenType", MethodType.methodType(int.class));
            TOKEN_IDENTIFIER =
                    inToken.findVirtual(
                            Token.class, "asIdentifier", MethodType.methodType(String.class));
            OPEN_PAREN =
                    (int) inToken.findStaticVarHandle(Token.class, "OPEN_PAREN", int.class).get();
            DOT = (int) inToken.findStaticVarHandle(Token.class, "DOT", int.class).get();
            CHANGE =
                    MethodHandles.privateLookupIn(
                                    DataChangeDeltaTable.class, MethodHandles.lookup())
                            .findVarHandle(
                                    DataChangeDeltaTable.class,
                                    "statement",
                                    DataChangeStatement.class);
            CALLBACK =
                    MethodHandles.privateLookupIn(TriggerObject.class, MethodHandles.lookup())
                            .findVarHandle(TriggerObject.class, "triggerCallback", Trigger.class);
            TABLE_DATA =
                    MethodHandles.privateLookupIn(CreateTable.class, MethodHandles.lookup())
                            .findVarHandle(CreateTable.class, "data", CreateTableData.class);
            TEMPORARY_TABLES =
                    MethodHandles.privateLookupIn(SessionLocal.class, MethodHandles.lookup())
                            .findVarHandle(SessionLocal.class, "localTempTables", HashMap.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private StoreAccess() {}

    /** Makes a table known as the one whose rows a map holds. */
    @SuppressWarnings("unchecked") // the field's declared type
    static void register(Store store, MVTable table) {
        ((Map<String, MVTable>) TABLES.get(store)).put(table.getMapName(), table);
    }

    /** The map that holds a table's rows, with the versions that are not committed. */
    @SuppressWarnings("unchecked") // keys are row keys, values are rows
    static MVMap<Object, VersionedValue<Object>> rows(MVTable table) {
        var index = (MVPrimaryIndex) table.getScanIndex(null);
        return ((TransactionMap<Object, Object>) ROWS.get(index)).map;
    }

    /** Keeps the store from writing by itself, however much is unsaved. */
    static void neverSaveByItself(MVStore store) {
        try {
            AUTO_COMMIT_MEMORY.set(store, Integer.MAX_VALUE);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Puts a schema in the place of the one of the same name. */
    @SuppressWarnings("unchecked") // the field's declared type
    static void replaceSchema(Database database, Schema schema) {
        ((Map<String, Schema>) SCHEMAS.get(database)).put(schema.getName(), schema);
    }

    /** Takes a schema away that holds nothing. */
    static void removeSchema(Database database, Schema schema) {
        ((Map<?, ?>) SCHEMAS.get(database)).remove(schema.getName());
    }

    static boolean isOpeningParenthesis(Token token) {
        try {
            return (int) TOKEN_TYPE.invokeExact(token) == OPEN_PAREN;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean isDot(Token token) {
        try {
            return (int) TOKEN_TYPE.invokeExact(token) == DOT;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Refuses a table with an engine of its own, which is a class. */
    static void requirePlain(CreateTable create) {
        var data = (CreateTableData) TABLE_DATA.get(create);
        if (data.tableEngine != null || data.tableEngineParams != null) {
            throw new PgException(
                    SqlState.FEATURE_NOT_SUPPORTED, "table engines are not supported");
        }
    }

    /** How many rows a table has that was just created. */
    static long rowCount(SessionLocal session, CreateTable create) {
        var data = (CreateTableData) TABLE_DATA.get(create);
        if (data.schema == null) {
            // It was there already, and the statement said that this is no error.
            return 0;
        }
        Table table =
                data.temporary && !data.globalTemporary
                        ? session.findLocalTempTable(data.tableName)
                        : data.schema.findTableOrView(session, data.tableName);
        return table == null ? 0 : table.getRowCount(session);
    }

    /** The table whose rows a FINAL, OLD or NEW TABLE has; null for any other. */
    static @Nullable Table changedTable(@Nullable Table table) {
        var change = change(table);
        return change == null ? null : change.getTable();
    }

    /** The statement whose rows a FINAL, OLD or NEW TABLE has; null for any other. */
    static @Nullable DataChangeStatement change(@Nullable Table table) {
        return table instanceof DataChangeDeltaTable delta
                ? (DataChangeStatement) CHANGE.get(delta)
                : null;
    }

    /** The temporary tables of a session that has some, by name. */
    @SuppressWarnings("unchecked") // the field's declared type
    static Map<String, Table> temporaryTables(SessionLocal session) {
        return (Map<String, Table>) TEMPORARY_TABLES.get(session);
    }

    /** Has a trigger of the store's call an object rather than a class that it would load. */
    static void setCallback(TriggerObject trigger, Trigger callback) {
        CALLBACK.set(trigger, callback);
    }

    static String tableName(CreateTable create) {
        return ((CreateTableData) TABLE_DATA.get(create)).tableName;
    }

    static boolean isTemporary(CreateTable create) {
        var data = (CreateTableData) TABLE_DATA.get(create);
        return data.temporary;
    }

    /** The name that a token stands for, without quotes; null where it is no name. */
    static @Nullable String identifier(Token token) {
        try {
            return (String) TOKEN_IDENTIFIER.invokeExact(token);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Tells the store the type of a function's values where it takes them for Java objects; null
     * for one that gives rows.
     *
     * @throws IllegalStateException where the field cannot be changed
     */
    static void setResultType(FunctionAlias.JavaMethod method, @Nullable TypeInfo type) {
        try {
            Field field = FunctionAlias.JavaMethod.class.getDeclaredField("dataType");
            field.setAccessible(true);
            field.set(method, type);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A mode of the store's that adds no zeros to a number.
     *
     * @throws IllegalStateException where the mode cannot be copied
     */
    static Mode keepingScale(Mode mode) {
        try {
            var constructor = Mode.class.getDeclaredConstructor(Mode.ModeEnum.class);
            constructor.setAccessible(true);
            Mode copy = constructor.newInstance(mode.getEnum());
            for (Field field : Mode.class.getFields()) {
                if (!Modifier.isStatic(field.getModifiers())
                        && !Modifier.isFinal(field.getModifiers())) {
                    field.set(copy, field.get(mode));
                }
            }
            copy.convertOnlyToSmallerScale = true;
            return copy;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Opens a session for a user that need not be one of the database's. */
    static SessionLocal createSession(Database database, User user) {
        try {
            return (SessionLocal)
                    CREATE_SESSION.invokeExact(database, user, (NetworkConnectionInfo) null);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
