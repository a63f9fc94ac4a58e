package io.heliosdb.relay;

import io.heliosdb.events.Consumers;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.session.Instance;
import io.heliosdb.spi.HttpRequest;
import io.heliosdb.spi.HttpServer;

import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;

/** Serves the events of one database to browsers and services. Safe for use by many threads. */
public final class RelayServer implements HttpServer {
    private static final System.Logger LOG = System.getLogger(RelayServer.class.getName());
    private static final int THREADS_MAX = 8;
    private static final int THREADS_MIN = 4;
    private static final int HEAD_BYTES_MAX = 16 * 1024;
    private static final int BACKLOG = 4096;

    /** Connections beyond those of peers: scrapes, requests. */
    private static final int OTHER_CONNECTIONS = 64;

    private static final Duration CONNECTION_IDLE_MAX = Duration.ofSeconds(30);
    private static final Duration STOP_MAX = Duration.ofSeconds(2);

    private final Server server;
    private final ServerConnector connector;
    private final Peers peers;
    private final Consumers consumers;
    private final ConsoleAccess console;

    private RelayServer(
            Server server,
            ServerConnector connector,
            Peers peers,
            Consumers consumers,
            ConsoleAccess console) {
        this.consumers = consumers;
        this.server = server;
        this.connector = connector;
        this.peers = peers;
        this.console = console;
    }

    /**
     * Starts to serve a database.
     *
     * @param instance the database; it stays open when the server closes
     * @param request where, who and how much
     * @return the server, accepting connections
     * @throws PgException 58030 where the address cannot be had or the console's token not be
     *     written, F0000 where a file of keys cannot be used
     */
    public static RelayServer start(Instance instance, HttpRequest request) {
        var console = new ConsoleAccess(request.dataDirectory());
        try {
            return start(instance, request, console);
        } catch (RuntimeException | Error e) {
            console.close();
            throw e;
        }
    }

    private static RelayServer start(
            Instance instance, HttpRequest request, ConsoleAccess console) {
        var limits = request.limits();
        var source = new Source(instance);
        var consumers = new Consumers(instance.consumers());
        var peers = new Peers(limits.peersMax(), limits.idleTimeout());
        var context =
                new RelayContext(
                        limits,
                        source,
                        new Credentials(request.access(), console),
                        consumers,
                        new Presence(),
                        peers,
                        new Metrics(source.pubSub(), peers));
        var gate = new Gate(request.access(), request.host());
        var pool = new QueuedThreadPool(THREADS_MAX, THREADS_MIN);
        pool.setName("heliosdb-http");
        pool.setDaemon(true);
        pool.setReservedThreads(0);
        var server = new Server(pool);
        server.setStopTimeout(STOP_MAX.toMillis());
        var connector = connector(server, request);
        server.addConnector(connector);
        server.addBean(
                new NetworkConnectionLimit(limits.peersMax() + OTHER_CONNECTIONS, connector));
        var routes = new Routes(context, console, gate);
        server.setHandler(new Door(gate, new WebSocketDoor(context, routes)));
        open(server, connector, request);
        return new RelayServer(server, connector, peers, consumers, console);
    }

    private static ServerConnector connector(Server server, HttpRequest request) {
        var configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(false);
        configuration.setRequestHeaderSize(HEAD_BYTES_MAX);
        var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration));
        connector.setHost(request.host());
        connector.setPort(request.port());
        connector.setAcceptQueueSize(BACKLOG);
        connector.setIdleTimeout(CONNECTION_IDLE_MAX.toMillis());
        connector.addBean(new HeadDeadline());
        return connector;
    }

    private static void open(Server server, ServerConnector connector, HttpRequest request) {
        try {
            connector.open();
            server.start();
        } catch (Exception e) {
            LifeCycle.stop(server);
            connector.close();
            throw cannotListen(request, e);
        }
    }

    private static PgException cannotListen(HttpRequest request, Exception cause) {
        Throwable root = cause;
        for (var next = root.getCause(); next != null; next = root.getCause()) {
            root = next;
        }
        var error =
                PgException.fatal(
                        SqlState.IO_ERROR,
                        "could not listen for HTTP on %s:%d: %s"
                                .formatted(request.host(), request.port(), root.getMessage()));
        error.initCause(cause);
        return error.withHint(
                "Choose another address with --http HOST:PORT, or start without: --no-http.");
    }

    @Override
    public InetSocketAddress address() {
        try {
            return new InetSocketAddress(
                    InetAddress.getByName(connector.getHost()), connector.getLocalPort());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address that is listened on is known", e);
        }
    }

    @Override
    public String consoleToken() {
        return console.token();
    }

    @Override
    public void close() {
        connector.close();
        peers.close();
        try {
            server.stop();
        } catch (Exception e) {
            LOG.log(Level.WARNING, "the HTTP server did not stop cleanly", e);
        }
        consumers.close();
        console.close();
    }
}
