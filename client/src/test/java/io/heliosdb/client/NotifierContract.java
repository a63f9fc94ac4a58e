package io.heliosdb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.client.PgNotifier.Message;
import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.IntStream;

/** What a notifier does, on any server. */
@Timeout(60)
public abstract class NotifierContract {
    /** The server of these tests. */
    protected abstract TestServer server();

    /** What a sale is. */
    public record Sale(long id, String what, Instant at) {}

    private PgListener listener() {
        return PgListener.connect(server().url());
    }

    private final String name = "payload " + UUID.randomUUID();

    private PayloadTable table(Duration retention) {
        return new PayloadTable(name, retention);
    }

    @Test
    void whatIsRolledBackIsNeverHeard() throws Exception {
        var notifier = new PgNotifier();
        try (var listener = listener();
                var connection = server().connect()) {
            listener.listen("N1");
            connection.setAutoCommit(false);
            notifier.notify(connection, "N1", "no");
            connection.rollback();
            notifier.notify(connection, "N1", "yes");
            assertThat(listener.receive(Duration.ofMillis(100))).isEmpty();
            connection.commit();
            assertThat(listener.receive().payload()).isEqualTo("yes");
        }
    }

    @Test
    void aBatchToManyChannelsKeepsItsOrder() throws Exception {
        try (var listener = listener();
                var connection = server().connect()) {
            listener.listen("N2 a", "N2 b", "N2 c");
            var messages =
                    IntStream.range(0, 1_200)
                            .mapToObj(i -> new Message("N2 " + "abc".charAt(i % 3), "no. " + i))
                            .toList();
            connection.setAutoCommit(false);
            new PgNotifier().notifyAll(connection, messages);
            connection.commit();
            for (var message : messages) {
                var got = listener.receive();
                assertThat(new Message(got.channel(), got.payload())).isEqualTo(message);
            }
        }
    }

    @Test
    void valuesGoAsJson() throws Exception {
        var sale = new Sale(7, "a \"cup\"", Instant.parse("2026-01-02T03:04:05Z"));
        try (var listener = listener();
                var connection = server().connect()) {
            listener.listen("N3");
            new PgNotifier().notifyAll(connection, List.of(Message.json("N3", sale)));
            assertThat(listener.as(Sale.class).receive().value()).isEqualTo(sale);
        }
    }

    @Test
    void aPayloadBeyondTheLimitIsRefusedWithoutATable() throws Exception {
        try (var listener = listener();
                var connection = server().connect()) {
            listener.listen("N4");
            var notifier = new PgNotifier();
            notifier.notify(connection, "N4", "x".repeat(PgNotifier.PAYLOAD_BYTES_MAX));
            assertThat(listener.receive().payload()).hasSize(PgNotifier.PAYLOAD_BYTES_MAX);
            assertThatThrownBy(() -> notifier.notify(connection, "N4", "é".repeat(4_000)))
                    .isInstanceOfSatisfying(
                            PgException.class,
                            e -> assertThat(e.sqlState().code()).isEqualTo("22023"));
            assertThatThrownBy(() -> notifier.notify(connection, "", "x"))
                    .isInstanceOf(PgException.class);
        }
    }

    @Test
    void aPayloadBeyondTheLimitGoesByReference() throws Exception {
        var table = table(Duration.ofHours(1));
        var notifier = new PgNotifier(table);
        var options = ListenerOptions.DEFAULTS.withPayloads(table);
        try (var connection = server().connect();
                var listener = PgListener.connect(server().url(), new Properties(), options)) {
            table.create(connection);
            table.create(connection);
            listener.listen("N5");
            var large = "é".repeat(500_000);
            var marked = "heliosdb:payload:not a reference";
            notifier.notifyAll(
                    connection,
                    List.of(
                            new Message("N5", "small"),
                            new Message("N5", large),
                            new Message("N5", marked),
                            new Message("N5", "last")));
            assertThat(listener.receive().payload()).isEqualTo("small");
            assertThat(listener.receive().payload()).isEqualTo(large);
            assertThat(listener.receive().payload()).isEqualTo(marked);
            assertThat(listener.receive().payload()).isEqualTo("last");
        }
    }

    @Test
    void aReferenceToWhatIsGoneIsAGap() throws Exception {
        var table = table(Duration.ZERO);
        var options = ListenerOptions.DEFAULTS.withPayloads(table);
        try (var connection = server().connect();
                var listener = PgListener.connect(server().url(), new Properties(), options)) {
            table.create(connection);
            listener.listen("N6");
            connection.setAutoCommit(false);
            new PgNotifier(table).notify(connection, "N6", "x".repeat(9_000));
            try (var statement = connection.createStatement()) {
                statement.execute("DELETE FROM " + '"' + name + '"');
            }
            connection.commit();
            assertThat(listener.take()).isInstanceOf(Gap.class);
            server().notify("N6", "heliosdb:payload:nonsense");
            assertThat(listener.take()).isInstanceOf(Gap.class);
        }
    }

    @Test
    void expiredPayloadsGoWhenOthersCome() throws Exception {
        var table = table(Duration.ZERO);
        var notifier = new PgNotifier(table);
        try (var connection = server().connect()) {
            table.create(connection);
            for (int i = 0; i < 30; i++) {
                notifier.notify(connection, "N7", "x".repeat(9_000));
            }
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery("SELECT count(*) FROM " + '"' + name + '"')) {
                row.next();
                assertThat(row.getInt(1)).isBetween(1, 3);
            }
        }
    }
}
