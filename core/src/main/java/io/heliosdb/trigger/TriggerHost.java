package io.heliosdb.trigger;

import io.heliosdb.engine.TableId;
import io.heliosdb.engine.TableInfo;
import io.heliosdb.pg.Report;
import io.heliosdb.sql.SchemaLookup;
import io.heliosdb.sql.TableName;

import java.util.Optional;

/** What triggers need of the session they fire in. Called in its thread only. */
public interface TriggerHost {
    /**
     * What statements of the session see of the schema, its search path included.
     *
     * @return good until the next change of the schema
     */
    SchemaLookup schema();

    /**
     * Finds a table along the search path.
     *
     * @param name as a statement names it
     * @return the table's full name, where it exists
     */
    Optional<TableId> find(TableName name);

    /**
     * Describes a table or view along the search path.
     *
     * @param name as a statement names it
     * @return the table, where it exists
     */
    Optional<TableInfo> info(TableName name);

    /**
     * Sends a notification when the transaction commits.
     *
     * @param channel the channel
     * @param payload the payload
     * @throws io.heliosdb.pg.PgException 22023 for a name or payload that is not allowed
     */
    void notify(String channel, String payload);

    /**
     * Remembers what the transaction has done so far.
     *
     * @return for {@link #rollbackEffects}
     */
    Object markEffects();

    /**
     * Forgets what came after a mark.
     *
     * @param mark from {@link #markEffects}
     */
    void rollbackEffects(Object mark);

    /**
     * Tells the client something.
     *
     * @param report a notice or a warning
     */
    void notice(Report report);
}
