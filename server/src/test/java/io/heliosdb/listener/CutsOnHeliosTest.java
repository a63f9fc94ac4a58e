package io.heliosdb.listener;

import io.heliosdb.client.CutsContract;
import io.heliosdb.client.TestServer;

/** Random cuts on HeliosDB-Lite. */
final class CutsOnHeliosTest extends CutsContract {
    @Override
    protected TestServer server() {
        return HeliosServed.shared();
    }
}
