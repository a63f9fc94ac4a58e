package io.heliosdb.trigger.plpgsql;

import io.heliosdb.engine.TableInfo;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.type.TextStyle;
import io.heliosdb.sql.SchemaLookup;
import io.heliosdb.sql.Statement;
import io.heliosdb.sql.TableName;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/** What bodies need of the session they run in. Called in its thread only. */
public interface PlpgsqlHost {
    /**
     * What statements of the session see of the schema, its search path included.
     *
     * @return good until the next change of the schema
     */
    SchemaLookup schema();

    /**
     * Finds a table along the search path, for {@code %TYPE} and {@code %ROWTYPE}.
     *
     * @param name as a declaration names it
     * @return the table, where it exists
     */
    Optional<TableInfo> table(TableName name);

    /**
     * How the session writes values as text.
     *
     * @return its settings of now
     */
    TextStyle textStyle();

    /**
     * Sends what RAISE says below ERROR to the client, as far as {@code client_min_messages} lets
     * it.
     *
     * @param report a notice, with its severity
     */
    void notice(Report report);

    /**
     * Begins a subtransaction, for a block with EXCEPTION.
     *
     * @return the place to go back to: rows, notifications, LISTENs, triggers and settings
     */
    Object mark();

    /**
     * Undoes what came after a mark, which stays good.
     *
     * @param mark the place
     */
    void rollbackTo(Object mark);

    /**
     * Ends a subtransaction and keeps what it did.
     *
     * @param mark its beginning
     */
    void release(Object mark);

    /**
     * COMMIT in a procedure: ends the transaction and begins the next.
     *
     * @param chain whether the next has the same modes
     * @throws io.heliosdb.pg.PgException 2D000 where the caller is in a transaction block or is no
     *     procedure
     */
    void commit(boolean chain);

    /**
     * ROLLBACK in a procedure: ends the transaction and begins the next.
     *
     * @param chain whether the next has the same modes
     * @throws io.heliosdb.pg.PgException 2D000 as {@link #commit}
     */
    void rollback(boolean chain);

    /**
     * Looks whether the statement that the session runs was cancelled; called in each turn of a
     * loop.
     *
     * @throws io.heliosdb.pg.PgException 57014
     */
    void checkCancelled();

    /**
     * CALL of a procedure.
     *
     * @param procedure its name
     * @param arguments what it is called with, one for each argument of the CALL
     * @return for each argument the value of its parameter afterwards, where that is OUT or INOUT;
     *     empty for the others
     * @throws io.heliosdb.pg.PgException 42883 and what the procedure raises
     */
    List<Optional<Output>> call(TableName procedure, List<Argument> arguments);

    /**
     * An argument of CALL.
     *
     * @param name its name, where the call says {@code name => value}
     * @param value its value
     * @param oid its type; 705 for a constant that has none
     */
    record Argument(Optional<String> name, @Nullable Object value, int oid) {}

    /**
     * What an OUT or INOUT parameter holds after a CALL.
     *
     * @param value the value
     * @param oid its type
     */
    record Output(@Nullable Object value, int oid) {}

    /**
     * Runs a statement that is the session's own and returns no rows: NOTIFY, LISTEN, SET, DO, a
     * definition, another CREATE FUNCTION … Not for BEGIN, COMMIT, SAVEPOINT and the like, which
     * the caller refuses before.
     *
     * @param statement the statement
     * @return how many rows it changed, 0 where that is not counted
     * @throws io.heliosdb.pg.PgException what the statement is refused with
     */
    long run(Statement statement);
}
