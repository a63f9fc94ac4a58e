package io.heliosdb.differential;

import io.heliosdb.HeliosConfig;
import io.heliosdb.HeliosDb;
import io.heliosdb.HeliosServer;
import io.heliosdb.config.Settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/** HeliosDB-Lite in memory, served from this JVM, which it ends with; one per JVM. */
final class HeliosTarget {

    private static final int MAX_CONNECTIONS = 40;

    private static final String SALES_TRIGGER =
            """
            CREATE TRIGGER sales_updated AFTER INSERT ON sales_orders
            BEGIN
                SELECT NOTIFY('sales_updates',
                    json_object('order_id', NEW.id, 'amount', NEW.amount));
            END;
            """;

    private HeliosTarget() {}

    static Target running() {
        return Running.TARGET;
    }

    private static Target start() {
        HeliosConfig config =
                HeliosConfig.inMemory()
                        .with(Settings.PORT, 0)
                        .with(Settings.MAX_CONNECTIONS, MAX_CONNECTIONS)
                        .with(Settings.AUTHENTICATION_TIMEOUT, Duration.ofSeconds(3));
        HeliosDb db = HeliosDb.open(config);
        HeliosServer trusting = db.serve();
        HeliosServer asking = db.serve(config.with(Settings.AUTH, "scram-sha-256"));
        Target target =
                new Target(
                        "HeliosDB-Lite",
                        "127.0.0.1",
                        trusting.port(),
                        "postgres",
                        "postgres",
                        MAX_CONNECTIONS,
                        new Target.Login(asking.port(), "scram_user", "pä$$ wörd"),
                        SALES_TRIGGER);
        makeRole(target);
        return target;
    }

    private static void makeRole(Target target) {
        String sql = "create role scram_user login password '" + target.scram().password() + "'";
        try (Peer peer = Peer.login(target)) {
            List<Message> answer = peer.query(sql);
            if (answer.getFirst().type() != 'C') {
                throw new IllegalStateException(sql + " answered " + Peer.show(answer));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Running {
        static final Target TARGET = start();
    }
}
