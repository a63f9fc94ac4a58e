package io.heliosdb;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pubsub.Since;
import io.heliosdb.pubsub.SubscribeOptions;
import io.heliosdb.pubsub.Subscription;
import io.heliosdb.session.Instance;
import io.heliosdb.session.SessionClient;
import io.heliosdb.session.SessionRequest;
import io.heliosdb.spi.Link;
import io.heliosdb.spi.WireServer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

import javax.sql.DataSource;

/** A database of this process. */
final class EmbeddedDb implements HeliosDb {
    private static final System.Logger LOG = System.getLogger(HeliosDb.class.getName());

    private static final String SUPERUSER = "postgres";

    /** The databases of this process that have a directory, by its absolute path. */
    private static final Map<Path, EmbeddedDb> BY_DIRECTORY = new ConcurrentHashMap<>();

    private final HeliosConfig config;
    private final Instance instance;
    private final Connections connections = new Connections(this::openLink);
    private final Set<HeliosServer> servers = ConcurrentHashMap.newKeySet();
    private final Set<ChangeStream> streams = ConcurrentHashMap.newKeySet();
    private final Set<HeliosHttp> httpServers = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean isClosed = new AtomicBoolean();

    /** Guards what is made once, on demand: the data source and the socket for others. */
    private final ReentrantLock making = new ReentrantLock();

    private @Nullable DataSource dataSource;
    private @Nullable Path socket;
    private @Nullable WireServer joinable;

    private EmbeddedDb(HeliosConfig config, Instance instance, @Nullable Path socket) {
        this.config = config;
        this.instance = instance;
        this.socket = socket;
    }

    static EmbeddedDb open(HeliosConfig config) {
        return open(config, null);
    }

    /** Opens a database that says from the start where others will be able to join it. */
    static EmbeddedDb openJoinable(HeliosConfig config) {
        var directory = config.dataDirectory().orElseThrow();
        requireNotOpenHere(directory);
        var socket = JoinSocket.choose(directory);
        try {
            return open(config, socket);
        } catch (RuntimeException | Error e) {
            JoinSocket.discard(socket, directory);
            throw e;
        }
    }

    private static EmbeddedDb open(HeliosConfig config, @Nullable Path socket) {
        config.dataDirectory().ifPresent(EmbeddedDb::requireNotOpenHere);
        var options = InstanceSettings.instance(config, socket == null ? "" : socket.toString());
        var instance = Instance.open(options);
        try {
            config.firstPassword()
                    .filter(password -> instance.verifier(SUPERUSER).isEmpty())
                    .ifPresent(instance::superuserPassword);
        } catch (RuntimeException | Error e) {
            instance.close();
            throw e;
        }
        var db = new EmbeddedDb(config, instance, socket);
        config.dataDirectory().ifPresent(directory -> BY_DIRECTORY.put(key(directory), db));
        return db;
    }

    /** Where a database that this process owns can be joined; empty where it cannot. */
    static Optional<Path> socketInThisProcess(Path directory) {
        var db = BY_DIRECTORY.get(key(directory));
        return db == null ? Optional.empty() : db.socket();
    }

    /**
     * A second look at the lock file of this process's own directory would let go of the lock, so
     * who has it is known here.
     */
    private static void requireNotOpenHere(Path directory) {
        if (BY_DIRECTORY.containsKey(key(directory))) {
            throw new PgException(
                    SqlState.OBJECT_IN_USE,
                    "data directory \"%s\" is in use by process %d"
                            .formatted(key(directory), ProcessHandle.current().pid()));
        }
    }

    private static Path key(Path directory) {
        var absolute = directory.toAbsolutePath().normalize();
        try {
            return absolute.toRealPath();
        } catch (IOException e) {
            return absolute;
        }
    }

    /** Opens the socket through which other processes of this user join. */
    void letOthersJoin() {
        var directory = config.dataDirectory();
        if (directory.isEmpty()) {
            return;
        }
        making.lock();
        try {
            if (joinable == null && !isClosed.get()) {
                var path = socket == null ? JoinSocket.choose(directory.get()) : socket;
                joinable = ServerModule.require("openOrJoin").serve(instance, path);
                socket = path;
            }
        } finally {
            making.unlock();
        }
    }

    private Optional<Path> socket() {
        making.lock();
        try {
            return Optional.ofNullable(socket);
        } finally {
            making.unlock();
        }
    }

    @Override
    public Connection connect() {
        return connections.connect();
    }

    private Link openLink() {
        var request =
                new SessionRequest(SUPERUSER, Instance.DATABASE, Map.of(), "", new LoggedNotices());
        return new LocalLink(instance.openSession(request));
    }

    @Override
    public Subscription subscribe(String... channels) {
        return instance.pubSub().subscribe(channels);
    }

    @Override
    public Subscription subscribe(SubscribeOptions options, String... channels) {
        return instance.pubSub().subscribe(options, channels);
    }

    @Override
    public Subscription subscribe(Since since, String... channels) {
        return instance.pubSub().subscribe(since, channels);
    }

    @Override
    public Subscription subscribe(SubscribeOptions options, Since since, String... channels) {
        return instance.pubSub().subscribe(options, since, channels);
    }

    @Override
    public ChangeRequest changes(String slot) {
        return new ChangeRequest(slot, false, this::openStream);
    }

    private ChangeStream openStream(ChangeRequest.Wanted wanted) {
        var reader =
                instance.replication()
                        .readRows(
                                wanted.slot(),
                                wanted.publications(),
                                wanted.withSnapshot(),
                                instance.options().pubSub().pid());
        var stream = new ChangeStream(reader, wanted.slot(), streams::remove);
        streams.add(stream);
        if (isClosed.get()) {
            stream.close();
        }
        return stream;
    }

    @Override
    public void notify(String channel, String payload) {
        instance.pubSub().notify(channel, payload);
    }

    @Override
    public HeliosServer serve() {
        return serve(config);
    }

    @Override
    public HeliosServer serve(HeliosConfig how) {
        connections.requireOpen();
        var wire = ServerModule.require("serve").serve(instance, InstanceSettings.serve(how));
        var server = new HeliosServer(wire, instance.failure(), servers::remove);
        servers.add(server);
        if (isClosed.get()) {
            server.close();
        }
        letOthersJoin();
        instance.engine().publish(server.url(), socket().map(Path::toString).orElse(""));
        return server;
    }

    @Override
    public HeliosHttp serveHttp() {
        return serveHttp(config);
    }

    @Override
    public HeliosHttp serveHttp(HeliosConfig how) {
        connections.requireOpen();
        var http =
                ServerModule.require("serveHttp").serveHttp(instance, InstanceSettings.http(how));
        var server = new HeliosHttp(http, httpServers::remove);
        httpServers.add(server);
        if (isClosed.get()) {
            server.close();
        }
        return server;
    }

    @Override
    public DataSource dataSource() {
        connections.requireOpen();
        making.lock();
        try {
            var made = dataSource;
            if (made == null) {
                made = ServerModule.require("dataSource").dataSource(instance);
                dataSource = made;
            }
            return made;
        } finally {
            making.unlock();
        }
    }

    @Override
    public Lsn backup(Path target) {
        return instance.engine().backup(target);
    }

    @Override
    public boolean isOwner() {
        return true;
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

    /** The instance of this database, for tests of what lies below. */
    Instance instance() {
        return instance;
    }

    @Override
    public void close() {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        httpServers.forEach(HeliosHttp::close);
        servers.forEach(HeliosServer::close);
        streams.forEach(ChangeStream::close);
        connections.close();
        closeMade();
        instance.close();
        config.dataDirectory().ifPresent(directory -> BY_DIRECTORY.remove(key(directory), this));
    }

    private void closeMade() {
        making.lock();
        try {
            if (joinable != null) {
                joinable.close();
            }
            if (socket != null) {
                JoinSocket.discard(socket, config.dataDirectory().orElseThrow());
            }
            if (dataSource instanceof AutoCloseable closeable) {
                closeable.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException("a data source did not close", e);
        } finally {
            making.unlock();
        }
    }

    /** There is no client to tell of notices; whoever wants them finds them in the log. */
    private static final class LoggedNotices implements SessionClient {
        @Override
        public void notice(Report report) {
            LOG.log(System.Logger.Level.DEBUG, () -> report.severity() + ": " + report.message());
        }

        @Override
        public void parameterChanged(String name, String value) {}

        @Override
        public boolean takesDeliveries() {
            return false; // subscribe() is the way to hear of them
        }

        @Override
        public void terminated(PgException reason) {}
    }
}
