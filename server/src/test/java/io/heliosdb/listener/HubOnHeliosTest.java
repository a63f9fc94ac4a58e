package io.heliosdb.listener;

import io.heliosdb.client.HubContract;
import io.heliosdb.client.TestServer;

/** The hub on HeliosDB-Lite. */
final class HubOnHeliosTest extends HubContract {
    @Override
    protected TestServer server() {
        return HeliosServed.shared();
    }
}
