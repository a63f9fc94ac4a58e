package io.heliosdb.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.postgresql.Driver;
import org.postgresql.PGProperty;

import java.net.URLDecoder;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.regex.Pattern;

/** Connections by URL, over sockets of ours where the user has not named other ones. */
final class UrlSource implements ConnectionSource {
    private static final String JDBC = "jdbc:";
    private static final String SHORT = "^postgres:";

    /** libpq's form, with user and password before the host; the driver does not know it. */
    private static final Pattern WITH_USER =
            Pattern.compile("(?:jdbc:)?(postgres|postgresql)://([^@/?:]*)(?::([^@/?]*))?@(.*)");

    private final String url;
    private final Properties properties;
    private final Driver driver = new Driver();

    /**
     * Connections to a server.
     *
     * @param url {@code jdbc:postgresql:…}, or {@code postgresql://user:password@host/database} as
     *     libpq reads it
     * @param properties as pgjdbc has them
     */
    UrlSource(String url, Properties properties) {
        this.properties = new Properties();
        this.properties.putAll(properties);
        var matcher = WITH_USER.matcher(url);
        if (matcher.matches()) {
            put(PGProperty.USER, matcher.group(2));
            if (matcher.group(3) != null) {
                put(PGProperty.PASSWORD, matcher.group(3));
            }
            this.url = JDBC + "postgresql://" + matcher.group(4);
        } else {
            this.url = url.startsWith(JDBC) ? url : JDBC + url.replaceFirst(SHORT, "postgresql:");
        }
        if (!driver.acceptsURL(this.url)) {
            throw new IllegalArgumentException("not a URL of PostgreSQL: " + url);
        }
    }

    @Override
    public Connection open() throws SQLException {
        return connect(new Properties());
    }

    /**
     * Opens a connection within a time.
     *
     * @param expected learns of the sockets, where they are ours: the last is below the connection
     */
    Connection open(Duration timeout, WakeableSocketFactory.Expected expected) throws SQLException {
        var more = new Properties();
        PGProperty.APPLICATION_NAME.set(more, "heliosdb-listener");
        return open(timeout, expected, more);
    }

    /** As the other, with more of the driver's properties. */
    Connection open(Duration timeout, WakeableSocketFactory.Expected expected, Properties more)
            throws SQLException {
        String seconds = String.valueOf(Math.max(1, timeout.toSeconds()));
        PGProperty.CONNECT_TIMEOUT.set(more, seconds);
        // Bounds what the server takes to answer the start-up; the listener takes it off.
        PGProperty.SOCKET_TIMEOUT.set(more, seconds);
        PGProperty.TCP_KEEP_ALIVE.set(more, true);
        var argument = WakeableSocketFactory.expect(expected);
        try {
            if (!namesSocketFactory()) {
                PGProperty.SOCKET_FACTORY.set(more, WakeableSocketFactory.class.getName());
                PGProperty.SOCKET_FACTORY_ARG.set(more, argument);
            }
            var connection = connect(more);
            connection.setNetworkTimeout(Runnable::run, 0);
            return connection;
        } finally {
            WakeableSocketFactory.forget(argument);
        }
    }

    private void put(PGProperty property, String encoded) {
        properties.setProperty(property.getName(), URLDecoder.decode(encoded, UTF_8));
    }

    private boolean namesSocketFactory() throws SQLException {
        return properties.containsKey(PGProperty.SOCKET_FACTORY.getName())
                || url.contains(PGProperty.SOCKET_FACTORY.getName() + '=');
    }

    /** What the user says, in the properties or in the URL, goes before what we add. */
    private Connection connect(Properties more) throws SQLException {
        more.putAll(properties);
        var connection = driver.connect(url, more);
        if (connection == null) {
            throw new SQLException("not a URL of PostgreSQL: " + url);
        }
        return connection;
    }
}
