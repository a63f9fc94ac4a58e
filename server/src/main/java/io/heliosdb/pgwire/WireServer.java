package io.heliosdb.pgwire;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pgwire.WireOptions.Authentication;
import io.heliosdb.session.Instance;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * Serves one database to PostgreSQL clients. Every connection has a thread of its own, which reads,
 * runs and answers from top to bottom; a listening one has a second thread that sends notifications
 * while the first waits. Safe for use by many threads.
 *
 * @see <a href="https://www.postgresql.org/docs/15/protocol.html">PostgreSQL: frontend/backend
 *     protocol</a>
 */
public final class WireServer implements AutoCloseable {
    private final Backends backends;
    private final List<Door> doors;
    private final @Nullable InetSocketAddress address;

    private WireServer(Backends backends, List<Door> doors, @Nullable InetSocketAddress address) {
        this.backends = backends;
        this.doors = doors;
        this.address = address;
    }

    /**
     * Starts to serve a database.
     *
     * @param instance the database; it stays open when the server closes
     * @param options addresses, limits and how clients log in
     * @return the server, accepting connections
     * @throws PgException F0000 for trust on an address that others reach, or TLS files that do not
     *     load; 58030 where an address cannot be had
     */
    public static WireServer start(Instance instance, WireOptions options) {
        requirePasswordsBeyondLoopback(options);
        var tls = options.tls() == null ? null : PemIdentity.sslContext(options.tls());
        var doors = new ArrayList<Door>();
        InetSocketAddress address = null;
        try {
            if (options.host() != null) {
                var door = Door.tcp(options.host(), options.port());
                doors.add(door);
                address = door.address();
            }
            if (options.unixSocket() != null) {
                doors.add(Door.unix(options.unixSocket()));
            }
        } catch (PgException e) {
            doors.forEach(Door::close);
            throw e;
        }
        var backends = new Backends(BackendContext.of(instance, options, tls));
        doors.forEach(door -> acceptFrom(door, backends, options));
        return new WireServer(backends, List.copyOf(doors), address);
    }

    private static void requirePasswordsBeyondLoopback(WireOptions options) {
        if (options.host() == null || options.authentication() != Authentication.TRUST) {
            return;
        }
        try {
            if (!InetAddress.getByName(options.host()).isLoopbackAddress()) {
                throw PgException.fatal(
                                SqlState.CONFIG_FILE_ERROR,
                                "trust authentication is refused on \"" + options.host() + '"')
                        .withHint("Use scram-sha-256, or listen on 127.0.0.1.");
            }
        } catch (UnknownHostException e) {
            throw PgException.fatal(
                    SqlState.CONFIG_FILE_ERROR,
                    "could not translate host name \"" + options.host() + '"');
        }
    }

    private static void acceptFrom(Door door, Backends backends, WireOptions options) {
        var authentication =
                switch (door) {
                    case Door.Tcp tcp -> options.authentication();
                    // Only this account can reach the socket, as with peer authentication.
                    case Door.Unix unix -> Authentication.TRUST;
                };
        Thread.ofVirtual()
                .name("heliosdb-accept")
                .start(() -> backends.acceptUntilClosed(door, authentication));
    }

    /**
     * Where TCP clients connect to.
     *
     * @return the address with the real port
     * @throws IllegalStateException where the server has no TCP address
     */
    public InetSocketAddress address() {
        if (address == null) {
            throw new IllegalStateException("this server listens on no TCP address");
        }
        return address;
    }

    /**
     * Serves a client that is connected already, such as one in this process; it is trusted.
     *
     * @param transport the server's end; closed when the conversation ends
     * @throws IOException where the server is closed or has too many connections
     */
    public void accept(Transport transport) throws IOException {
        if (!backends.start(transport, Authentication.TRUST)) {
            throw new IOException("the server is closed or has too many connections");
        }
    }

    /**
     * How many connections there are, those that are still logging in included.
     *
     * @return the number at this moment
     */
    public int connections() {
        return backends.count();
    }

    /**
     * Ends every connection with FATAL 57P01 and waits, within {@link WireOptions#closeTimeout},
     * for clients to take it; then closes what is left. Again without effect.
     */
    @Override
    public void close() {
        doors.forEach(Door::close);
        backends.close();
    }
}
