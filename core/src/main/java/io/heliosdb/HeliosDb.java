package io.heliosdb;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pubsub.Since;
import io.heliosdb.pubsub.SubscribeOptions;
import io.heliosdb.pubsub.Subscription;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Optional;

import javax.sql.DataSource;

/**
 * A database: SQL whose commits are events. Rows and notifications of a transaction become visible
 * together, in one order for everybody, and reach a subscriber in this process in microseconds.
 * Safe for use by many threads; close it once, last.
 *
 * {@snippet :
 * try (var db = HeliosDb.open("sales");
 *         var events = db.subscribe("sales")) {
 *     db.execute("CREATE TABLE IF NOT EXISTS orders (id SERIAL PRIMARY KEY, amount NUMERIC)");
 *     db.execute(
 *             """
 *             CREATE TRIGGER IF NOT EXISTS tell AFTER INSERT ON orders
 *             BEGIN
 *                 SELECT NOTIFY('sales', json_object('id', NEW.id, 'amount', NEW.amount));
 *             END
 *             """);
 *     db.execute("INSERT INTO orders (amount) VALUES (?)", new BigDecimal("12.50"));
 *     events.receive(Duration.ofSeconds(1)).ifPresent(System.out::println);
 * }
 * }
 *
 * <p>A database is opened by one process. Another one of the same user joins it with {@link
 * #openOrJoin}, or connects to what the first one serves.
 */
public sealed interface HeliosDb extends AutoCloseable permits EmbeddedDb, JoinedDb {
    /**
     * Opens a database in a directory, which is made where it does not exist.
     *
     * @param directory the data directory
     * @return the database
     * @throws PgException 55006 where it is open already, naming by whom; 58030 where the directory
     *     cannot be used
     */
    static HeliosDb open(Path directory) {
        return open(HeliosConfig.at(directory));
    }

    /**
     * Opens a database in a directory, which is made where it does not exist.
     *
     * @param directory the data directory
     * @return the database
     * @throws PgException as {@link #open(Path)}
     */
    static HeliosDb open(String directory) {
        return open(Path.of(directory));
    }

    /**
     * Opens a database.
     *
     * @param config where it lives and what bounds it
     * @return the database
     * @throws PgException as {@link #open(Path)}
     */
    static HeliosDb open(HeliosConfig config) {
        return EmbeddedDb.open(config);
    }

    /**
     * Opens a database that lives in memory and is gone when it is closed.
     *
     * @return the database, which nobody else sees
     */
    static HeliosDb inMemory() {
        return open(HeliosConfig.inMemory());
    }

    /**
     * Opens a database, or joins the process that has it open. The first to come owns it and serves
     * the others of the same user through a socket in its directory; when it ends, they are told
     * (57P01, and a last Closed on each subscription), and whoever calls this next is the owner.
     * Needs {@code heliosdb-server} on the class path.
     *
     * @param directory the data directory
     * @return the database
     * @throws PgException 55006 where it is open in a process that does not let others join; 58030
     *     where the directory cannot be used
     */
    static HeliosDb openOrJoin(Path directory) {
        return openOrJoin(HeliosConfig.at(directory));
    }

    /**
     * Opens a database, or joins the process that has it open.
     *
     * @param directory the data directory
     * @return the database
     * @throws PgException as {@link #openOrJoin(Path)}
     */
    static HeliosDb openOrJoin(String directory) {
        return openOrJoin(Path.of(directory));
    }

    /**
     * Opens a database, or joins the process that has it open.
     *
     * @param config where it lives; the rest counts for the owner only
     * @return the database
     * @throws PgException as {@link #openOrJoin(Path)}
     */
    static HeliosDb openOrJoin(HeliosConfig config) {
        return OpenOrJoin.run(config);
    }

    /**
     * Opens a session.
     *
     * @return the session, to be closed by the caller; closing the database closes it too
     * @throws PgException 53300 beyond the most connections, 57P03 where the database is closed
     */
    Connection connect();

    /**
     * Subscribes to channels: everything that is committed from now on, in order, each notification
     * to every subscriber.
     *
     * @param channels literal names
     * @return the subscription, to be closed by the caller
     * @throws PgException 22023 for a name that no channel can have, 53400 beyond max_channels
     */
    Subscription subscribe(String... channels);

    /**
     * Subscribes with a queue of a chosen size, and a choice of what happens when it is full.
     *
     * @param options the queue
     * @param channels literal names
     * @return the subscription, to be closed by the caller
     * @throws PgException as {@link #subscribe(String...)}
     */
    Subscription subscribe(SubscribeOptions options, String... channels);

    /**
     * Subscribes to what was committed since a notification or a time, and goes on with what
     * commits from now on: nothing is left out in between, and nothing comes twice. What is not
     * kept any more is told by a {@link io.heliosdb.pg.Delivery.Gap Gap}.
     *
     * <p>{@code db.subscribe(since(token), "orders")} with the token of the last notification that
     * was worked on ({@link io.heliosdb.pg.Delivery.Notification#token}, {@link
     * Subscription#token}), or {@code since(Duration.ofHours(1))}.
     *
     * @param since from where
     * @param channels names; {@code *}, and a prefix with {@code .*}, are wildcards
     * @return the subscription, to be closed by the caller
     * @throws PgException as {@link #subscribe(String...)}; 55000 where no history is kept: in
     *     memory, with {@code enable_wal = false}, and in a process that has joined another
     */
    Subscription subscribe(Since since, String... channels);

    /**
     * Subscribes to what was committed since a notification or a time, with a queue of a chosen
     * size.
     *
     * @param options the queue
     * @param since from where
     * @param channels as {@link #subscribe(Since, String...)}
     * @return the subscription, to be closed by the caller
     * @throws PgException as {@link #subscribe(Since, String...)}
     */
    Subscription subscribe(SubscribeOptions options, Since since, String... channels);

    /**
     * Asks for the committed row changes of publications, in the order of commits, with a place
     * that outlives the stream and the process: {@code db.changes("billing").from("orders_pub")}.
     *
     * @param slot the replication slot that keeps the place: lower case letters, digits and
     *     underscores; it is made where it does not exist
     * @return what to ask for; {@link ChangeRequest#from} opens the stream, and fails with 55000
     *     where no log is kept, in memory or with {@code enable_wal = false}, and with 0A000 in a
     *     process that has joined another
     */
    ChangeRequest changes(String slot);

    /**
     * Sends a notification at once; {@link Connection#notify} sends one with a transaction.
     *
     * @param channel the channel's name, literally, of 1 to 63 bytes
     * @param payload fewer than {@code max_payload_bytes} (8,000) bytes of UTF-8
     * @throws PgException 22023 for a name or payload that is not allowed, 54000 where a
     *     subscriber's queue refuses
     */
    void notify(String channel, String payload);

    /**
     * Lets PostgreSQL clients connect, at the address of the configuration it was opened with.
     * Needs {@code heliosdb-server} on the class path.
     *
     * @return the listener, to be closed by the caller; closing the database closes it too
     * @throws PgException 58030 where the address cannot be had, F0000 for trust on any address but
     *     loopback, 0A000 where this process has only joined
     */
    HeliosServer serve();

    /**
     * Lets PostgreSQL clients connect.
     *
     * @param config its section {@code server} says where and how
     * @return the listener, to be closed by the caller
     * @throws PgException as {@link #serve()}
     */
    HeliosServer serve(HeliosConfig config);

    /**
     * Lets browsers and services subscribe over HTTP: WebSocket, server-sent events and a console,
     * at the address of the configuration it was opened with. Needs {@code heliosdb-server} on the
     * class path.
     *
     * @return the listener, to be closed by the caller; closing the database closes it too
     * @throws PgException 58030 where the address cannot be had, F0000 where a file of keys cannot
     *     be used, 0A000 where this process has only joined
     */
    HeliosHttp serveHttp();

    /**
     * Lets browsers and services subscribe over HTTP.
     *
     * @param config its section {@code http} says where, who and how much
     * @return the listener, to be closed by the caller
     * @throws PgException as {@link #serveHttp()}
     */
    HeliosHttp serveHttp(HeliosConfig config);

    /**
     * A JDBC data source without a port, for pools and templates. Needs {@code heliosdb-server} on
     * the class path.
     *
     * @return one for any number of threads; closing the database ends its connections
     */
    DataSource dataSource();

    /**
     * Whether this process owns the database.
     *
     * @return false where it has joined another one
     */
    boolean isOwner();

    /**
     * Where the database lives.
     *
     * @return its directory; empty for one in memory
     */
    Optional<Path> dataDirectory();

    /**
     * Copies the database while it is used. The copy opens as a database that is as this one was at
     * one position of its log; it is the beginning of every {@code restore}.
     *
     * @param target a directory that is empty or does not exist, on the owner's machine
     * @return that position
     * @throws PgException 55000 for a database in memory, 58P02 where there is something in the
     *     target, 53100 or 58030 where it cannot be written
     */
    Lsn backup(Path target);

    /** Ends every connection, subscription and listener, then the database. Once is enough. */
    @Override
    void close();

    /**
     * Runs a statement on a connection that is kept for this, and commits it.
     *
     * @param sql the statement
     * @param parameters one value a parameter
     * @return how many rows it changed, or returned
     */
    long execute(String sql, @Nullable Object... parameters);

    /**
     * Runs a statement for its rows on a connection that is kept for this.
     *
     * @param sql a SELECT, or any statement with RETURNING
     * @param parameters one value a parameter
     * @return all rows
     */
    Rows query(String sql, @Nullable Object... parameters);

    /**
     * Runs a statement for its first row on a connection that is kept for this.
     *
     * @param sql a SELECT, or any statement with RETURNING
     * @param parameters one value a parameter
     * @return the row, where there is one
     */
    Optional<Row> queryRow(String sql, @Nullable Object... parameters);

    /**
     * Runs work in a transaction on a connection that is kept for this.
     *
     * @param <X> what the work may throw
     * @param work what to do
     * @throws X what the work throws, after the rollback
     */
    <X extends Exception> void transaction(TransactionWork<X> work) throws X;

    /**
     * Runs work in a transaction on a connection that is kept for this.
     *
     * @param <T> what the work returns
     * @param <X> what the work may throw
     * @param work what to do
     * @return what it returned
     * @throws X what the work throws, after the rollback
     */
    <T, X extends Exception> T transactionResult(TransactionFunction<T, X> work) throws X;
}
