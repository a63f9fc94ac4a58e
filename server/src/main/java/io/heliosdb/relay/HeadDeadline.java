package io.heliosdb.relay;

import org.eclipse.jetty.io.Connection;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A connection has to send a whole request head within some seconds: one that sends a byte now and
 * then would otherwise hold its place for hours.
 */
final class HeadDeadline implements Connection.Listener {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof Connection.UpgradeFrom) {
            var later = CompletableFuture.delayedExecutor(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            later.execute(() -> closeIfSilent(connection));
        }
    }

    private static void closeIfSilent(Connection connection) {
        if (connection.getMessagesIn() == 0 && connection.getEndPoint().isOpen()) {
            connection.close();
        }
    }
}
