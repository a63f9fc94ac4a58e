package io.heliosdb;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pubsub.Since;
import io.heliosdb.pubsub.SubscribeOptions;
import io.heliosdb.pubsub.Subscription;
import io.heliosdb.spi.RemoteDatabase;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.sql.DataSource;

/** A database that another process owns. */
final class JoinedDb implements HeliosDb {
    private final HeliosConfig config;
    private final RemoteDatabase remote;
    private final Connections connections;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    JoinedDb(HeliosConfig config, RemoteDatabase remote) {
        this.config = config;
        this.remote = remote;
        this.connections = new Connections(remote::connect);
    }

    @Override
    public Connection connect() {
        return connections.connect();
    }

    @Override
    public Subscription subscribe(String... channels) {
        return remote.subscribe(channels);
    }

    @Override
    public Subscription subscribe(SubscribeOptions options, String... channels) {
        return remote.subscribe(options, channels);
    }

    @Override
    public Subscription subscribe(Since since, String... channels) {
        throw noHistory();
    }

    @Override
    public Subscription subscribe(SubscribeOptions options, Since since, String... channels) {
        throw noHistory();
    }

    private static PgException noHistory() {
        return new PgException(
                        SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                        "a process that has joined a database has no history of notifications")
                .withHint(
                        "Use heliosdb_listen() on a connection of dataSource(), or subscribe in the"
                                + " process that owns the database.");
    }

    @Override
    public ChangeRequest changes(String slot) {
        return new ChangeRequest(
                slot,
                false,
                wanted -> {
                    throw new PgException(
                                    SqlState.FEATURE_NOT_SUPPORTED,
                                    "a process that has joined a database cannot read its changes")
                            .withHint(
                                    "Read them in the process that owns the database, or over the"
                                            + " replication protocol from where it serves.");
                });
    }

    @Override
    public void notify(String channel, String payload) {
        connections.<Boolean, RuntimeException>with(connection -> {
            connection.notify(channel, payload);
            return true;
        });
    }

    @Override
    public HeliosServer serve() {
        return serve(config);
    }

    @Override
    public HeliosServer serve(HeliosConfig how) {
        throw notHere("serve");
    }

    @Override
    public HeliosHttp serveHttp() {
        return serveHttp(config);
    }

    @Override
    public HeliosHttp serveHttp(HeliosConfig how) {
        throw notHere("serveHttp");
    }

    private static PgException notHere(String call) {
        return new PgException(
                        SqlState.FEATURE_NOT_SUPPORTED,
                        "a process that has joined a database cannot serve it")
                .withHint("Let the process that owns it call " + call + ".");
    }

    @Override
    public DataSource dataSource() {
        return remote.dataSource();
    }

    @Override
    public Lsn backup(Path target) {
        var where = target.toAbsolutePath().normalize().toString();
        var row = connections.queryRow("SELECT heliosdb_backup(?)::text", where).orElseThrow();
        return Lsn.parse(String.valueOf(row.asString(0)));
    }

    @Override
    public boolean isOwner() {
        return false;
    }

    @Override
    public Optional<Path> dataDirectory() {
        return config.dataDirectory();
    }

    @Override
    public long execute(String sql, @Nullable Object... parameters) {
        return connections.execute(sql, parameters);
    }

    @Override
    public Rows query(String sql, @Nullable Object... parameters) {
        return connections.query(sql, parameters);
    }

    @Override
    public Optional<Row> queryRow(String sql, @Nullable Object... parameters) {
        return connections.queryRow(sql, parameters);
    }

    @Override
    public <X extends Exception> void transaction(TransactionWork<X> work) throws X {
        connections.transaction(work);
    }

    @Override
    public <T, X extends Exception> T transactionResult(TransactionFunction<T, X> work) throws X {
        return connections.transactionResult(work);
    }

    @Override
    public void close() {
        if (isClosed.compareAndSet(false, true)) {
            connections.close();
            remote.close();
        }
    }
}
