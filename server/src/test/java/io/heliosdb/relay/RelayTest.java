package io.heliosdb.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.HeliosConfig;
import io.heliosdb.HeliosDb;
import io.heliosdb.HeliosHttp;
import io.heliosdb.config.HttpSettings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What peers get, over real sockets. */
@Timeout(60)
final class RelayTest {
    private static final String ADA = Tokens.of("ada", "orders.*", "news");

    @TempDir private Path directory;

    private HeliosConfig config = HeliosConfig.defaults();
    private HeliosDb db = HeliosDb.inMemory();
    private HeliosHttp http;

    @BeforeEach
    void open() throws IOException {
        db.close();
        var secret = Files.writeString(directory.resolve("secret"), Tokens.SECRET + "\n");
        config =
                HeliosConfig.at(directory.resolve("data"))
                        .with(HttpSettings.PORT, 0)
                        .with(HttpSettings.JWT_SECRET_FILE, Optional.of(secret));
        reopen();
    }

    private void reopen() {
        db = HeliosDb.open(config);
        http = db.serveHttp(config);
    }

    @AfterEach
    void close() {
        db.close();
    }

    @Test
    void aNotificationReachesWhoFollowsItsChannel() throws Exception {
        try (var exact = RelayClient.connect(http, ADA);
                var wildcard = RelayClient.connect(http, ADA);
                var other = RelayClient.connect(http, ADA)) {
            assertThat(exact.subscribe("'id':'s1','channel':'orders.eu'"))
                    .containsEntry("id", "s1")
                    .containsEntry("recovered", false)
                    .containsKey("token");
            wildcard.subscribe("'id':'w','channel':'orders.*'");
            other.subscribe("'id':'o','channel':'news'");

            db.notify("orders.eu", "{\"id\": 7, \"umlaut\": \"ä\"}");
            db.notify("orders.us.tx", "8");

            var event = exact.receive("notification");
            assertThat(event)
                    .containsEntry("id", "s1")
                    .containsEntry("channel", "orders.eu")
                    .containsEntry("payload", "{\"id\": 7, \"umlaut\": \"ä\"}")
                    .containsKeys("pid", "token");
            assertThat(wildcard.payload()).startsWith("{");
            assertThat(wildcard.payload()).isEqualTo("8");
            exact.expectNothing();
            other.expectNothing();
        }
    }

    @Test
    void rowsAndTheirNotificationsAreVisibleTogether() throws Exception {
        db.execute("CREATE TABLE orders (id INT)");
        try (var client = RelayClient.connect(http, ADA)) {
            client.subscribe("'id':'s','channel':'news'");
            db.transaction(transaction -> {
                transaction.execute("INSERT INTO orders VALUES (1)");
                transaction.execute("NOTIFY news, 'committed'");
            });
            assertThat(client.payload()).isEqualTo("committed");
            try (var connection = db.connect()) {
                connection.execute("BEGIN");
                connection.execute("NOTIFY news, 'rolled back'");
                connection.execute("ROLLBACK");
            }
            client.expectNothing();
        }
    }

    @Test
    void whoComesBackWithATokenMissesNothingAndGetsNothingTwice() throws Exception {
        String token;
        try (var client = RelayClient.connect(http, ADA)) {
            client.subscribe("'id':'s','channel':'news'");
            db.notify("news", "1");
            db.notify("news", "2");
            token = String.valueOf(client.receive("notification").get("token"));
        }
        IntStream.rangeClosed(3, 50).forEach(i -> db.notify("news", String.valueOf(i)));
        http.close();
        db.close();
        reopen();
        db.notify("news", "51");
        try (var client = RelayClient.connect(http, ADA)) {
            assertThat(client.subscribe("'id':'s','channel':'news','since':'" + token + "'"))
                    .containsEntry("recovered", true);
            db.notify("news", "52");
            for (int i = 2; i <= 52; i++) {
                assertThat(client.payload()).isEqualTo(String.valueOf(i));
            }
            client.expectNothing();
        }
    }

    @Test
    void aTokenThatLeadsNowhereIsAGap() throws Exception {
        var strange = "0000000000000001/0000000000000100/0";
        try (var client = RelayClient.connect(http, ADA)) {
            assertThat(client.subscribe("'id':'s','channel':'news','since':'" + strange + "'"))
                    .containsEntry("recovered", false);
            assertThat(client.receive("gap")).containsEntry("id", "s").containsKey("from");
            db.notify("news", "live");
            assertThat(client.payload()).isEqualTo("live");
        }
    }

    @Test
    void aConsumerGoesOnBehindWhatItHasAcknowledged() throws Exception {
        var fields = "'id':'s','channel':'news','consumer':'till','max_unacked':2";
        try (var client = RelayClient.connect(http, ADA)) {
            client.subscribe(fields);
            for (int i = 1; i <= 4; i++) {
                db.notify("news", String.valueOf(i));
            }
            assertThat(client.payload()).isEqualTo("1");
            var second = client.receive("notification");
            client.expectNothing(); // two are open
            client.send("{'type':'ack','id':'s','token':'" + second.get("token") + "'}");
            assertThat(client.payload()).isEqualTo("3");
            assertThat(client.payload()).isEqualTo("4");
        }
        http.close();
        db.close();
        reopen();
        db.notify("news", "5");
        try (var client = RelayClient.connect(http, ADA);
                var stranger = RelayClient.connect(http, Tokens.of("eve", "*"))) {
            client.subscribe(fields);
            assertThat(client.payload()).isEqualTo("3");
            assertThat(client.payload()).isEqualTo("4");
            // The name belongs to a subject.
            assertThat(stranger.subscribe(fields)).containsEntry("recovered", false);
            client.expectNothing();
        }
    }

    @Test
    void theNewestConnectionOfAConsumerGoesOn() throws Exception {
        var fields = "'id':'s','channel':'news','consumer':'till'";
        try (var first = RelayClient.connect(http, ADA);
                var second = RelayClient.connect(http, ADA)) {
            first.subscribe(fields);
            second.subscribe(fields);
            assertThat(first.receive("error")).containsEntry("code", "55006");
            db.notify("news", "1");
            assertThat(second.payload()).isEqualTo("1");
            first.expectNothing();
        }
    }

    @Test
    void whatIsPublishedIsCommittedWhenItIsAnswered() throws Exception {
        try (var events = db.subscribe("news");
                var client = RelayClient.connect(http, ADA)) {
            client.send("{'type':'publish','id':'p','channel':'news','payload':{'a':[1,null]}}");
            assertThat(client.receive("published")).containsEntry("id", "p");
            assertThat(events.poll()).singleElement().asString().contains("{\"a\":[1,null]}");
            var post =
                    HttpRequest.newBuilder(http.url().resolve("/channels/news"))
                            .header("Authorization", "Bearer " + ADA)
                            .POST(BodyPublishers.ofString("by post"));
            assertThat(send(post).statusCode()).isEqualTo(204);
            assertThat(events.poll()).singleElement().asString().contains("by post");
        }
    }

    @Test
    void anEventStreamResumesByItsLastEventId() throws Exception {
        String id;
        try (var lines = stream("/events?channel=news&channel=orders.*", null)) {
            var each = lines.iterator();
            awaitLine(each, "data: {\"type\":\"subscribed\"");
            db.notify("news", "one");
            id = awaitLine(each, "id: ").substring("id: ".length());
            assertThat(awaitLine(each, "data: ")).contains("\"payload\":\"one\"");
        }
        db.notify("orders.eu", "two");
        try (var lines = stream("/events?channel=news&channel=orders.*", id)) {
            var each = lines.iterator();
            assertThat(awaitLine(each, "data: ")).contains("\"recovered\":true");
            assertThat(awaitLine(each, "data: ")).contains("\"payload\":\"two\"");
        }
    }

    @Test
    void thoseWhoArePresentSeeWhoComesAndGoes() throws Exception {
        try (var ada = RelayClient.connect(http, ADA)) {
            ada.send("{'type':'presence','channel':'news','state':{'name':'Ada'}}");
            assertThat(ada.receive("presence")).containsEntry("event", "members");
            try (var bob = RelayClient.connect(http, Tokens.of("bob", "news"))) {
                bob.send("{'type':'presence','channel':'news','state':'typing'}");
                assertThat(String.valueOf(bob.receive("presence").get("members"))).contains("Ada");
                assertThat(ada.receive("presence"))
                        .containsEntry("event", "join")
                        .containsEntry("subject", "bob")
                        .containsEntry("state", "typing");
                bob.send("{'type':'broadcast','channel':'news','payload':[1,2]}");
                assertThat(ada.receive("broadcast")).containsEntry("payload", List.of(1, 2));
            }
            assertThat(ada.receive("presence"))
                    .containsEntry("event", "leave")
                    .containsEntry("subject", "bob");
            ada.expectNothing();
        }
    }

    @Test
    void nothingIsLeftOfPeersThatGo() throws Exception {
        try (var client = RelayClient.connect(http, ADA)) {
            client.subscribe("'id':'a','channel':'news'");
            client.subscribe("'id':'b','channel':'orders.*'");
            assertThat(metric("active_subscriptions")).isEqualTo(2);
            client.send("{'type':'unsubscribe','id':'b'}");
            client.socket().sendClose(1000, "").join();
            assertThat(client.closeCode()).isEqualTo(1000);
        }
        while (metric("active_subscriptions") != 0 || metric("relay_peers") != 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whatIsSentIsDeliveredAndReceivedByEachFollower() throws Exception {
        try (var first = RelayClient.connect(http, ADA);
                var second = RelayClient.connect(http, ADA)) {
            first.subscribe("'id':'s','channel':'news'");
            second.subscribe("'id':'s','channel':'news'");
            for (int i = 0; i < 100; i++) {
                db.notify("news", String.valueOf(i));
            }
            for (int i = 0; i < 100; i++) {
                assertThat(first.payload()).isEqualTo(String.valueOf(i));
                assertThat(second.payload()).isEqualTo(String.valueOf(i));
            }
            assertThat(metric("notifications_sent_total")).isEqualTo(100);
            assertThat(metric("notifications_delivered_total")).isEqualTo(200);
            assertThat(metric("notifications_received_total")).isEqualTo(200);
            assertThat(metric("notifications_dropped_total")).isZero();
            assertThat(metric("notification_delivery_duration_ms_count")).isEqualTo(200);
            assertThat(metric("queue_depth")).isZero();
        }
    }

    @Test
    void figuresAreExportedUnderTheirNames() throws Exception {
        var text = send(HttpRequest.newBuilder(http.url().resolve("/metrics")).GET()).body();
        assertThat(text)
                .contains(
                        "notifications_sent_total",
                        "notifications_delivered_total",
                        "notifications_received_total",
                        "notifications_dropped_total",
                        "active_subscriptions",
                        "active_channels",
                        "notification_delivery_duration_ms_bucket{le=\"0.01\"}",
                        "queue_depth",
                        "process_memory_rss");
    }

    @Test
    void itSaysWhetherItLives() throws Exception {
        for (var path : new String[] {"/health", "/ready"}) {
            var answer = send(HttpRequest.newBuilder(http.url().resolve(path)).GET());
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
        }
    }

    private int metric(String name) throws Exception {
        return metric(http, name);
    }

    static int metric(HeliosHttp http, String name) throws Exception {
        return send(HttpRequest.newBuilder(http.url().resolve("/metrics")).GET())
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    private Stream<String> stream(String path, String lastEventId) throws Exception {
        var request =
                HttpRequest.newBuilder(http.url().resolve(path))
                        .header("Authorization", "Bearer " + ADA);
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        var client = HttpClient.newHttpClient();
        var answer = client.send(request.build(), BodyHandlers.ofLines());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body().onClose(client::shutdownNow);
    }

    private static String awaitLine(Iterator<String> lines, String begin) {
        while (true) {
            var line = Objects.requireNonNull(lines.next());
            if (line.startsWith(begin)) {
                return line;
            }
        }
    }
}
