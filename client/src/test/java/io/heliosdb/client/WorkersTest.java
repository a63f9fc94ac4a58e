package io.heliosdb.client;

/** Workers on a real PostgreSQL. */
final class WorkersTest extends WorkersContract {
    @Override
    protected TestServer server() {
        return Postgres.shared();
    }
}
