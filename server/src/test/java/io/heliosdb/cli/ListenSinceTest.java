package io.heliosdb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.HeliosConfig;
import io.heliosdb.HeliosDb;
import io.heliosdb.config.Settings;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.Token;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** The command line listens to what was sent before. */
@Timeout(60)
class ListenSinceTest {
    @TempDir private Path directory;

    @Test
    void aTimeATokenAndAWildcardBringWhatWasSentAndALossIsTold() {
        try (var db = HeliosDb.open(HeliosConfig.at(directory).with(Settings.PORT, 0));
                var server = db.serve();
                var first = db.subscribe("orders.eu")) {
            var url = "postgresql://postgres@127.0.0.1:" + server.port() + "/postgres";
            db.notify("orders.eu", "1");
            db.notify("orders.us", "2");
            db.notify("orders.eu", "3");
            var token = ((Notification) first.poll().getFirst()).token().orElseThrow();

            var hour = Ended.run("listen", url, "orders.*", "--since", "-1h", "--count", "3");
            assertThat(hour.status()).isZero();
            assertThat(hour.out()).containsSubsequence("\t1", "\t2", "\t3").hasLineCount(3);

            var after =
                    Ended.run(
                            "listen",
                            url,
                            "orders.eu",
                            "--since",
                            token.toString(),
                            "--count",
                            "1");
            assertThat(after.out()).startsWith("orders.eu\t").contains("\t3").hasLineCount(1);

            var foreign = new Token(42, new Lsn(8), 0).toString();
            var lost = Ended.run("listen", url, "orders.us", "--since", foreign, "--count", "1");
            assertThat(lost.err()).contains("lost {\"from\":\"0/0\"").contains("\"volatile\":true");
            assertThat(lost.out()).contains("\t2");

            var bad = Ended.run("listen", url, "a", "--since", "soon", "--count", "1");
            assertThat(bad.status()).isEqualTo(1);
            assertThat(bad.err()).contains("invalid input syntax for type interval: \"soon\"");
        }
    }
}
