package io.heliosdb.client;

/** The listener on a real PostgreSQL. */
final class PgListenerTest extends ListenerContract {
    @Override
    protected TestServer server() {
        return Postgres.shared();
    }
}
