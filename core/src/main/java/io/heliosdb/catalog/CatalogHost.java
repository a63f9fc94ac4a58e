package io.heliosdb.catalog;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.TableId;

import org.jspecify.annotations.Nullable;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the catalog shows and does not know itself: roles, sessions, settings, and the objects that
 * the layers above keep. Called in the thread of the statement that reads; safe for use by many.
 */
public interface CatalogHost {
    /**
     * A role.
     *
     * @param name its name
     * @param isSuperuser whether it may do everything
     * @param canLogin whether it may connect
     * @param canReplicate whether it may replicate
     * @param connectionLimit its limit; -1 for none
     * @param hasPassword whether it has one
     */
    record RoleInfo(
            String name,
            boolean isSuperuser,
            boolean canLogin,
            boolean canReplicate,
            int connectionLimit,
            boolean hasPassword) {}

    /**
     * A connected session.
     *
     * @param pid its process id
     * @param user its role
     * @param application its application_name
     * @param address where its client is; empty inside the process
     * @param started when it began
     * @param state its state in {@code pg_stat_activity}'s words
     * @param query what it runs, or has run last
     * @param queryStart when that began
     * @param stateChange when its state became this
     * @param transactionStart when its open transaction began
     * @param waits what it waits for, type and event; nothing where it works
     */
    record SessionInfo(
            int pid,
            String user,
            String application,
            String address,
            OffsetDateTime started,
            String state,
            String query,
            Optional<OffsetDateTime> queryStart,
            OffsetDateTime stateChange,
            Optional<OffsetDateTime> transactionStart,
            Optional<Wait> waits) {}

    /**
     * What a session waits for.
     *
     * @param type {@code Client}, {@code Lock} ...
     * @param event {@code ClientRead}, {@code transactionid} ...
     */
    record Wait(String type, String event) {}

    /**
     * A setting.
     *
     * @param name its name
     * @param value its value as SHOW prints it
     * @param type {@code bool}, {@code integer}, {@code real}, {@code string} or {@code enum}
     * @param reset what RESET sets
     * @param isFixed whether it cannot be changed
     */
    record SettingInfo(String name, String value, String type, String reset, boolean isFixed) {}

    /**
     * A trigger.
     *
     * @param oid its number
     * @param table its table
     * @param name its name
     * @param type as {@code pg_trigger.tgtype} has it
     * @param columns the columns of UPDATE OF
     * @param mode when it fires: {@code O}, {@code A}, {@code R} or {@code D}
     * @param function the oid of its function; 0 where it has a body of its own
     * @param arguments what its function is given
     * @param condition its WHEN expression as written
     * @param waits how a constraint trigger waits; nothing for any other trigger
     * @param oldTable the name of the rows as they were
     * @param newTable the name of the rows as they are
     * @param source the statement that created it
     */
    record TriggerInfo(
            int oid,
            TableId table,
            String name,
            int type,
            List<String> columns,
            char mode,
            int function,
            List<String> arguments,
            Optional<String> condition,
            Optional<Waits> waits,
            Optional<String> oldTable,
            Optional<String> newTable,
            String source) {}

    /**
     * How a constraint trigger waits for the end of the transaction.
     *
     * @param isDeferrable whether it may
     * @param isDeferred whether it does unless it is told otherwise
     */
    record Waits(boolean isDeferrable, boolean isDeferred) {}

    /**
     * The roles that users have created, and the one that is there from the start.
     *
     * @return in no order
     */
    List<RoleInfo> roles();

    /**
     * The sessions that are connected.
     *
     * @return in no order
     */
    List<SessionInfo> sessions();

    /**
     * The settings of a session.
     *
     * @param session the session
     * @return by name
     */
    List<SettingInfo> settings(EngineSession session);

    /**
     * The triggers that a session sees.
     *
     * @param session the session
     * @return in no order
     */
    List<TriggerInfo> triggers(EngineSession session);

    /**
     * What of a table's old rows is published.
     *
     * @param table the table
     * @return as {@code relreplident} has it
     */
    default String replicaIdentity(TableId table) {
        return "d";
    }

    /**
     * When the database was opened.
     *
     * @return the moment
     */
    OffsetDateTime started();

    /**
     * The one database, by its name.
     *
     * @return its name
     */
    String database();

    /**
     * The rows of a catalog that is filled by none of the other questions, such as those of
     * publications and slots.
     *
     * @param table the catalog's name
     * @param names the numbers of what they mention
     * @return under the names of its columns; none where nothing is known of it
     */
    default List<Map<String, @Nullable Object>> rows(String table, ObjectNumbers names) {
        return List.of();
    }

    /**
     * The functions and procedures that a session sees, as rows of pg_proc under the names of its
     * columns.
     *
     * @param session the session
     * @param names the numbers of what they mention
     * @return in no order
     */
    List<Map<String, @Nullable Object>> routines(EngineSession session, ObjectNumbers names);

    /**
     * What stands for the last arguments of a routine where a call leaves them out.
     *
     * @param oid the routine
     * @return expressions as written, in the order of the arguments
     */
    List<String> routineDefaults(long oid);
}
