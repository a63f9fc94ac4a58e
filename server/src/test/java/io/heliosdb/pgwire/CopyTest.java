package io.heliosdb.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** COPY where the connection or the statement ends in the middle. */
@Timeout(60)
class CopyTest {
    private TestServer server;
    private RawClient client;

    @BeforeEach
    void open() throws IOException {
        server = new TestServer();
        client = server.ready();
        client.run("create table t (i int primary key, s text)");
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void aCancelEndsACopyWithTheNextData() throws IOException {
        client.send(RawClient.query("copy t from stdin"));
        client.until('G');
        client.send(data("1\ta\n"));
        client.cancel();
        // The request is on its way: it hits the COPY once it is there, and data come until then.
        var answer = sendUntilAnswered();
        assertThat(RawClient.error(answer))
                .containsEntry('C', "57014")
                .containsEntry('M', "canceling statement due to user request");
        assertThat(count()).isEqualTo("0");
    }

    private List<RawClient.Message> sendUntilAnswered() throws IOException {
        for (int i = 2; i < 1_000_000; i++) {
            client.send(data(i + "\tx\n"));
            if (client.socket().getInputStream().available() > 0) {
                break;
            }
        }
        client.send(RawClient.message('c', new byte[0]));
        return client.untilReady();
    }

    @Test
    void aClientThatDiesInTheMiddleLeavesNothing() throws IOException {
        try (var dying = server.ready()) {
            dying.send(RawClient.query("copy t from stdin"));
            dying.until('G');
            dying.send(data("1\ta\n2\tb\n"));
        }
        // The row of the dead client is locked until its transaction has been rolled back.
        assertThat(RawClient.shape(client.run("insert into t values (1, 'mine')"))).isEqualTo("CZ");
        assertThat(count()).isEqualTo("1");
    }

    @Test
    void aRowMayComeInAsManyPartsAsItHasBytes() throws IOException {
        client.send(RawClient.query("copy t from stdin"));
        client.until('G');
        for (byte b : "1\tin parts\\nof one byte\r\n2\t\\N\r\n".getBytes(StandardCharsets.UTF_8)) {
            client.send(RawClient.message('d', new byte[] {b}));
        }
        client.send(RawClient.message('c', new byte[0]));
        assertThat(client.untilReady().getFirst().strings(0)).first().isEqualTo("COPY 2");
        assertThat(client.run("select s from t order by i").get(1).row())
                .containsExactly("in parts\nof one byte");
    }

    @Test
    void triggersOfACopyNotify() throws IOException {
        client.run("create trigger told after insert on t begin select notify('news', new.s); end");
        client.run("listen news");
        client.send(RawClient.query("copy t from stdin"));
        client.until('G');
        client.send(data("1\tone\n2\ttwo\n"), RawClient.message('c', new byte[0]));
        assertThat(RawClient.shape(client.untilReady())).isEqualTo("CAAZ");
    }

    private String count() throws IOException {
        return client.run("select count(*) from t").get(1).row().getFirst();
    }

    private static byte[] data(String text) {
        return RawClient.message('d', text.getBytes(StandardCharsets.UTF_8));
    }
}
