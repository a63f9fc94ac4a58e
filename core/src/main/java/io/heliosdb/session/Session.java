package io.heliosdb.session;

import io.heliosdb.pg.PgException;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * One client's conversation with the database: settings, transaction, prepared statements, portals
 * and what it listens to. Used by one thread at a time; only {@link #cancel} and {@link #terminate}
 * may be called from another.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Session implements AutoCloseable {
    Session() {}

    /**
     * The backend process id that notifications of this session carry.
     *
     * @return a positive number, unique while the session lives
     */
    public int pid() {
        throw new UnsupportedOperationException();
    }

    /**
     * The key that a CancelRequest must present.
     *
     * @return a random number
     */
    public int secretKey() {
        throw new UnsupportedOperationException();
    }

    /**
     * Where the session stands.
     *
     * @return the status that ReadyForQuery carries
     */
    public TransactionStatus status() {
        throw new UnsupportedOperationException();
    }

    /**
     * The settings that a client is told of at start-up, with their values.
     *
     * @return name and value, in PostgreSQL's order
     */
    public Map<String, String> reportedSettings() {
        throw new UnsupportedOperationException();
    }

    /**
     * The value of a setting.
     *
     * @param name its name
     * @return its value in PostgreSQL's form
     * @throws PgException 42704 for an unknown setting
     */
    public String setting(String name) {
        throw new UnsupportedOperationException(name);
    }

    /**
     * Runs a query string of any number of statements as one implicit transaction, as the simple
     * query protocol does.
     *
     * @param sql the statements
     * @param out takes the results
     * @throws PgException what ended it; the transaction is rolled back, or failed where a block is
     *     open
     */
    public void simpleQuery(String sql, ResultReceiver out) {
        throw new UnsupportedOperationException(sql);
    }

    /**
     * Parses a statement and infers its types. Begins the implicit transaction that {@link #sync}
     * ends.
     *
     * @param name the name to keep it by; empty replaces the unnamed one
     * @param sql one statement, or none
     * @param parameterOids types given by the client; 0 or a missing one is inferred
     * @return the statement
     * @throws PgException 42601, 42P05, 25P02 and what preparing brings
     */
    public PreparedStatement parse(String name, String sql, int[] parameterOids) {
        throw new UnsupportedOperationException(sql);
    }

    /**
     * A prepared statement by name.
     *
     * @param name its name; empty for the unnamed one
     * @return the statement
     * @throws PgException 26000 where there is none
     */
    public PreparedStatement preparedStatement(String name) {
        throw new UnsupportedOperationException(name);
    }

    /**
     * Binds parameters.
     *
     * @param portalName the name to keep the portal by; empty replaces the unnamed one
     * @param statement what to bind
     * @param parameters one value a parameter, as {@code pg.type} represents it
     * @return the portal
     * @throws PgException 08P01 for a wrong number of parameters, 42P03, 25P02
     */
    public Portal bind(
            String portalName, PreparedStatement statement, List<@Nullable Object> parameters) {
        throw new UnsupportedOperationException(portalName);
    }

    /**
     * A portal by name.
     *
     * @param name its name; empty for the unnamed one
     * @return the portal
     * @throws PgException 34000 where there is none
     */
    public Portal portal(String name) {
        throw new UnsupportedOperationException(name);
    }

    /**
     * Runs a portal, or goes on with a suspended one. {@link ResultReceiver#columns} is not called.
     *
     * @param portal what to run
     * @param maxRows rows to give at most; 0 for all
     * @param out takes the results
     */
    public void execute(Portal portal, int maxRows, ResultReceiver out) {
        throw new UnsupportedOperationException(portal.toString());
    }

    /**
     * Forgets a prepared statement; an unknown name is no error.
     *
     * @param name its name
     */
    public void closeStatement(String name) {
        throw new UnsupportedOperationException(name);
    }

    /**
     * Forgets a portal; an unknown name is no error.
     *
     * @param name its name
     */
    public void closePortal(String name) {
        throw new UnsupportedOperationException(name);
    }

    /**
     * Marks the batch as failed after an error in the extended protocol that did not come from this
     * session, such as a parameter that does not decode.
     */
    public void failBatch() {
        throw new UnsupportedOperationException();
    }

    /**
     * Ends a batch: commits the implicit transaction, or rolls it back after an error.
     *
     * @throws PgException what made the commit fail
     */
    public void sync() {
        throw new UnsupportedOperationException();
    }

    /**
     * Cancels the running statement with 57014; any thread may call it, and an idle session does
     * not mind.
     */
    public void cancel() {
        throw new UnsupportedOperationException();
    }

    /**
     * Asks the session to end: its running statement fails with the reason and {@link
     * SessionClient} owners close the connection. Any thread may call it.
     *
     * @param reason a FATAL report
     */
    public void terminate(PgException reason) {
        throw new UnsupportedOperationException(reason);
    }

    @Override
    public void close() {}
}
