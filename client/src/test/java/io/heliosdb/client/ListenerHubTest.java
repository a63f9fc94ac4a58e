package io.heliosdb.client;

/** The hub on a real PostgreSQL. */
final class ListenerHubTest extends HubContract {
    @Override
    protected TestServer server() {
        return Postgres.shared();
    }
}
