package io.heliosdb.listener;

import io.heliosdb.client.TestServer;
import io.heliosdb.client.WorkersContract;

/** Workers on HeliosDB-Lite. */
final class WorkersOnHeliosTest extends WorkersContract {
    @Override
    protected TestServer server() {
        return HeliosServed.shared();
    }
}
