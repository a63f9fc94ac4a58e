package io.heliosdb.listener;

import io.heliosdb.client.ListenerContract;
import io.heliosdb.client.TestServer;

/** The listener of any PostgreSQL, on HeliosDB-Lite. */
final class PgListenerOnHeliosTest extends ListenerContract {
    @Override
    protected TestServer server() {
        return HeliosServed.shared();
    }
}
