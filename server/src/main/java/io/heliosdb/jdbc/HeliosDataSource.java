package io.heliosdb.jdbc;

import io.heliosdb.pgwire.WireOptions;
import io.heliosdb.pgwire.WireServer;
import io.heliosdb.session.Instance;

import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PreferQueryMode;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ConnectionBuilder;
import java.sql.SQLException;
import java.util.Optional;
import java.util.logging.Logger;

import javax.sql.DataSource;

/**
 * A data source of pgjdbc connections without a TCP port: to a database in this process, or through
 * a Unix socket to the process that owns it. Pools and templates take it as any other; LISTEN works
 * through {@link org.postgresql.PGConnection#getNotifications(int)}. Safe for use by many threads.
 */
public final class HeliosDataSource implements DataSource, AutoCloseable {
    private final PGSimpleDataSource driver = new PGSimpleDataSource();
    private final @Nullable Instance instance;
    private final @Nullable WireServer server;
    private final String argument;

    private HeliosDataSource(
            @Nullable Instance instance,
            @Nullable WireServer server,
            String argument,
            String user) {
        this.instance = instance;
        this.server = server;
        this.argument = argument;
        driver.setServerNames(new String[] {"localhost"});
        driver.setUser(user);
        driver.setDatabaseName("postgres");
        driver.setSocketFactory(TransportSocketFactory.class.getName());
        driver.setSocketFactoryArg(argument);
        driver.setSslMode("disable");
        driver.setGssEncMode("disable");
        // Otherwise the driver cuts a statement without parameters at each semicolon, also at those
        // in the body of a trigger.
        driver.setPreferQueryMode(PreferQueryMode.EXTENDED_FOR_PREPARED);
    }

    /**
     * Connections to a database in this process, as the role {@code postgres}.
     *
     * @param instance the database
     * @return the data source; closing it ends its connections, not the database
     */
    public static HeliosDataSource inMemory(Instance instance) {
        var server = WireServer.start(instance, WireOptions.embedded());
        return new HeliosDataSource(
                instance, server, TransportSocketFactory.register(server), "postgres");
    }

    /**
     * Connections to the process that owns a database.
     *
     * @param socket the path of its Unix socket
     * @return the data source
     */
    public static HeliosDataSource unixSocket(Path socket) {
        return new HeliosDataSource(null, null, "unix:" + socket.toAbsolutePath(), "postgres");
    }

    /**
     * The database, where it is of this process.
     *
     * @return empty where another process owns it
     */
    public Optional<Instance> instance() {
        return Optional.ofNullable(instance);
    }

    @Override
    public Connection getConnection() throws SQLException {
        return driver.getConnection();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return driver.getConnection(user, password);
    }

    @Override
    public ConnectionBuilder createConnectionBuilder() throws SQLException {
        return driver.createConnectionBuilder();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return driver.getLogWriter();
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
        driver.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) {
        driver.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() {
        return driver.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() {
        return driver.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.isInstance(this) ? type.cast(this) : driver.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || driver.isWrapperFor(type);
    }

    /** Ends the connections and makes new ones fail; again without effect. */
    @Override
    public void close() {
        TransportSocketFactory.unregister(argument);
        if (server != null) {
            server.close();
        }
    }
}
