package io.heliosdb.spi;

import io.heliosdb.session.Instance;

import java.nio.file.Path;

import javax.sql.DataSource;

/**
 * What the embedded API offers and the module {@code heliosdb-server} does; found by {@link
 * java.util.ServiceLoader}.
 */
public interface ServerProvider {
    /**
     * Serves PostgreSQL clients over TCP.
     *
     * @param instance what they connect to
     * @param request where and how
     * @return the listener, which accepts connections already
     * @throws io.heliosdb.pg.PgException 58030 where the address cannot be had, 22023 for settings
     *     that are not allowed together
     */
    WireServer serve(Instance instance, ServeRequest request);

    /**
     * Serves other processes of the same user over a Unix socket, without a password.
     *
     * @param instance what they connect to
     * @param socket the socket's path; what a dead process left there is replaced
     * @return the listener, which accepts connections already and removes the socket when closed
     */
    WireServer serve(Instance instance, Path socket);

    /**
     * Serves browsers and services over HTTP.
     *
     * @param instance whose events they get
     * @param request where, who and how much
     * @return the listener, which accepts connections already
     * @throws io.heliosdb.pg.PgException 58030 where the address cannot be had, F0000 where a file
     *     of keys cannot be used
     */
    HttpServer serveHttp(Instance instance, HttpRequest request);

    /**
     * A data source whose connections lead into this process without a socket.
     *
     * @param instance what they connect to
     * @return one for any number of threads
     */
    DataSource dataSource(Instance instance);

    /**
     * Reaches a database that another process serves at a Unix socket.
     *
     * @param socket the socket's path
     * @return the database
     * @throws io.heliosdb.pg.PgException 08006 where nobody answers there
     */
    RemoteDatabase join(Path socket);
}
