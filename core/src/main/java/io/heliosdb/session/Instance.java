package io.heliosdb.session;

import java.util.Optional;

/**
 * One open database: its engine, channels, roles and sessions. Safe for use by many threads;
 * closing it ends every session.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Instance implements AutoCloseable {
    Instance() {}

    /**
     * Opens a session for a client that has been authenticated.
     *
     * @param request who and what for
     * @return the session, to be closed by the caller
     * @throws io.heliosdb.pg.PgException FATAL 28000 for an unknown role, 3D000 for an unknown
     *     database, 53300 beyond max_connections, 57P03 while the instance closes, 22023 or 42704
     *     for a bad setting
     */
    public Session openSession(SessionRequest request) {
        throw new UnsupportedOperationException(request.user());
    }

    /**
     * The stored password verifier of a role, as PostgreSQL stores it.
     *
     * @param role its name
     * @return the verifier; empty where the role does not exist, may not log in or has no password
     */
    public Optional<String> verifier(String role) {
        throw new UnsupportedOperationException(role);
    }

    /**
     * Cancels what a session is running, as a CancelRequest does; a wrong key does nothing.
     *
     * @param pid the session's process id
     * @param secretKey its key
     */
    public void cancel(int pid, int secretKey) {
        throw new UnsupportedOperationException(pid + " " + secretKey);
    }

    @Override
    public void close() {}
}
