package io.heliosdb.listener;

import io.heliosdb.client.NotifierContract;
import io.heliosdb.client.TestServer;

/** Notifier on HeliosDB-Lite. */
final class NotifierOnHeliosTest extends NotifierContract {
    @Override
    protected TestServer server() {
        return HeliosServed.shared();
    }
}
