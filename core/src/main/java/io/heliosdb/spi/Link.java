package io.heliosdb.spi;

import io.heliosdb.session.ResultReceiver;
import io.heliosdb.session.TransactionStatus;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * One session of a database, wherever that is. Every run is one batch: what it does outside a block
 * is committed when it returns, and undone when it throws. Used by one thread at a time; only
 * {@link #cancel} and {@link #close} may be called from another.
 */
public interface Link extends AutoCloseable {
    /**
     * The backend process id that notifications of this session carry.
     *
     * @return a positive number
     */
    int pid();

    /**
     * Where the session stands.
     *
     * @return the status after the last run
     */
    TransactionStatus status();

    /**
     * Runs a query string of any number of statements without parameters.
     *
     * @param sql the statements
     * @param out takes the results
     * @throws io.heliosdb.pg.PgException what ended it
     */
    void run(String sql, ResultReceiver out);

    /**
     * Parses one statement and infers its types.
     *
     * @param sql the statement
     * @param parameterOids types of the first parameters; 0 or a missing one is inferred
     * @return the statement, to be released
     * @throws io.heliosdb.pg.PgException what is wrong with it
     */
    LinkStatement prepare(String sql, int[] parameterOids);

    /**
     * Runs a prepared statement.
     *
     * @param statement one of this link
     * @param parameters one value a parameter, as {@code pg.type} represents its type
     * @param out takes the results; columns are not announced
     * @throws io.heliosdb.pg.PgException what ended it
     */
    void run(LinkStatement statement, List<@Nullable Object> parameters, ResultReceiver out);

    /**
     * Forgets a prepared statement.
     *
     * @param statement one of this link
     */
    void release(LinkStatement statement);

    /** Cancels what is running, with 57014; an idle session does not mind. */
    void cancel();

    /** Cancels what is running, rolls back what is open and ends the session; once is enough. */
    @Override
    void close();
}
