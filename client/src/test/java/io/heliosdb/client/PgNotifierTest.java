package io.heliosdb.client;

/** Notifier on a real PostgreSQL. */
final class PgNotifierTest extends NotifierContract {
    @Override
    protected TestServer server() {
        return Postgres.shared();
    }
}
