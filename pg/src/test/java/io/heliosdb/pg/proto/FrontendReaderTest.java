package io.heliosdb.pg.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.proto.FrontendMessage.Malformed;
import io.heliosdb.pg.proto.FrontendMessage.Target;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What it refuses was observed on PostgreSQL 15.18. */
class FrontendReaderTest {
    private static FrontendReader reader(String bytes) {
        return new FrontendReader(new ByteArrayInputStream(bytes.getBytes(ISO_8859_1)));
    }

    private static FrontendMessage read(String bytes) throws IOException {
        return reader(bytes).read();
    }

    private static byte[] written(FrontendMessage... messages) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var writer = new FrontendWriter(bytes);
        for (var message : messages) {
            writer.write(message);
        }
        writer.flush();
        return bytes.toByteArray();
    }

    @Test
    void readsEveryMessageThatTheWriterWrites() throws IOException {
        var messages =
                new FrontendMessage[] {
                    new FrontendMessage.Query("select 'é€𝄞'"),
                    new FrontendMessage.Parse("s", "select $1", new int[] {23, 0}),
                    new FrontendMessage.Bind(
                            "p",
                            "s",
                            new int[] {0, 1},
                            Arrays.asList("x".getBytes(UTF_8), null),
                            new int[] {1}),
                    new FrontendMessage.Describe(Target.PORTAL, "p"),
                    new FrontendMessage.Execute("p", 10),
                    new FrontendMessage.Close(Target.STATEMENT, "s"),
                    new FrontendMessage.Sync(),
                    new FrontendMessage.Flush(),
                    new FrontendMessage.CopyData(new byte[] {1, 2}),
                    new FrontendMessage.CopyDone(),
                    new FrontendMessage.CopyFail("no"),
                    new FrontendMessage.FunctionCall(
                            7, new int[0], Arrays.asList(new byte[0], null), 1),
                    new FrontendMessage.Terminate(),
                };
        var bytes = written(messages);
        var whole = new FrontendReader(new ByteArrayInputStream(bytes));
        var dripping = new FrontendReader(new Dripping(bytes));
        for (var message : messages) {
            assertThat(whole.read()).usingRecursiveComparison().isEqualTo(message);
            assertThat(dripping.read()).usingRecursiveComparison().isEqualTo(message);
        }
        assertThat(whole.hasBuffered()).isFalse();
        assertThatThrownBy(whole::read)
                .isInstanceOfSatisfying(SilentClose.class, e -> assertThat(e.isClean()).isTrue());
    }

    @Test
    void readsEveryStartupPacket() throws IOException {
        var parameters = new LinkedHashMap<>(Map.of("user", "u"));
        parameters.put("database", "d");
        parameters.put("_pq_.x", "1");
        var packets =
                List.of(
                        new StartupPacket.SslRequest(),
                        new StartupPacket.GssEncRequest(),
                        new StartupPacket.CancelRequest(7, -9),
                        new StartupPacket.Unsupported(2, 0),
                        new StartupPacket.Startup(9999, parameters));
        var bytes = new ByteArrayOutputStream();
        var writer = new FrontendWriter(bytes);
        packets.forEach(writer::write);
        writer.flush();
        var reader = new FrontendReader(new Dripping(bytes.toByteArray()));
        for (var packet : packets) {
            assertThat(reader.readStartup()).isEqualTo(packet);
        }
        assertThat(new StartupPacket.Startup(0, parameters).protocolOptions())
                .containsExactly("_pq_.x");
    }

    @Test
    void closesSilentlyOnAStartupPacketOfNoPossibleLength() {
        for (var start : List.of("\0\0\0\7", "\0\0\47\25", "GET / HTTP/1.1", "\26\3\1\2")) {
            assertThatThrownBy(() -> reader(start).readStartup())
                    .as(start)
                    .isInstanceOf(SilentClose.class)
                    .hasMessage("invalid length of startup packet");
        }
    }

    @Test
    void refusesAStartupPacketWithoutItsTerminator() {
        assertThatThrownBy(() -> reader("\0\0\0\14\0\3\0\0user").readStartup())
                .isInstanceOfSatisfying(
                        PgException.class,
                        e -> {
                            assertThat(e.report().severity()).isEqualTo(Severity.FATAL);
                            assertThat(e.sqlState().code()).isEqualTo("08P01");
                        });
    }

    @Test
    void closesSilentlyOnAMessageOfNoPossibleLength() {
        for (var start :
                List.of("Q\0\0\0\3", "Q\377\377\377\377", "Q\177\377\377\377", "S\0\0\116\40")) {
            assertThatThrownBy(() -> read(start))
                    .as(start)
                    .isInstanceOf(SilentClose.class)
                    .hasMessage("invalid message length");
        }
    }

    @Test
    void refusesATypeAtOnceWithoutWaitingForItsLength() {
        assertThatThrownBy(() -> read("z"))
                .isInstanceOf(PgException.class)
                .hasMessage("invalid frontend message type 122")
                .extracting(e -> ((PgException) e).report().severity())
                .isEqualTo(Severity.FATAL);
    }

    @Test
    void refusesAMessageOverTheBoundBeforeItComes() {
        var reader = new FrontendReader(new ByteArrayInputStream(new byte[] {'Q', 4, 0, 0, 1}));
        assertThatThrownBy(reader::read)
                .isInstanceOf(PgException.class)
                .hasMessage("message of 67108865 bytes is larger than the limit of 67108864 bytes");
    }

    @Test
    void survivesAMessageWhoseContentIsBroken() throws IOException {
        assertMalformed("Q\0\0\0\5x", "08P01", "invalid string in message");
        assertMalformed("Q\0\0\0\7x\0y", "08P01", "invalid message format");
        assertMalformed("B\0\0\0\7\0\0\1", "08P01", "insufficient data left in message");
        assertMalformed("D\0\0\0\6x\0", "08P01", "invalid DESCRIBE message subtype 120");
        assertMalformed("C\0\0\0\6x\0", "08P01", "invalid CLOSE message subtype 120");
        assertMalformed(
                "Q\0\0\0\6\377\0", "22021", "invalid byte sequence for encoding \"UTF8\": 0xff");
        var reader = reader("Q\0\0\0\5xS\0\0\0\4");
        assertThat(reader.read()).isInstanceOf(Malformed.class);
        assertThat(reader.hasBuffered()).isTrue();
        assertThat(reader.read()).isInstanceOf(FrontendMessage.Sync.class);
    }

    private static void assertMalformed(String bytes, String sqlState, String message)
            throws IOException {
        assertThat(read(bytes))
                .isInstanceOfSatisfying(
                        Malformed.class,
                        malformed -> {
                            assertThat(malformed.type()).isEqualTo(bytes.charAt(0));
                            assertThat(malformed.error()).hasMessage(message);
                            assertThat(malformed.error().sqlState().code()).isEqualTo(sqlState);
                        });
    }

    @Test
    void takesALargeMessageInManyReads() throws IOException {
        var data = new byte[3_000_000];
        data[data.length - 1] = 42;
        var bytes = written(new FrontendMessage.CopyData(data), new FrontendMessage.Sync());
        var reader = new FrontendReader(new ByteArrayInputStream(bytes));
        assertThat(reader.read())
                .isInstanceOfSatisfying(
                        FrontendMessage.CopyData.class,
                        copy -> assertThat(copy.data()).isEqualTo(data));
        assertThat(reader.read()).isInstanceOf(FrontendMessage.Sync.class);
    }

    @Test
    void readsAPasswordAndNeverPrintsIt() throws IOException {
        var password = reader("p\0\0\0\13secret\0").readPassword();
        assertThat(password.clearText()).isEqualTo("secret");
        assertThat(password.toString()).doesNotContain("secret");
        var empty = reader("p\0\0\0\5\0").readPassword();
        assertThatThrownBy(empty::clearText).hasMessage("empty password returned by client");
        var unterminated = reader("p\0\0\0\5x").readPassword();
        assertThatThrownBy(unterminated::clearText).hasMessage("invalid password packet size");
        assertThatThrownBy(() -> reader("Q").readPassword())
                .hasMessage("expected password response, got message type 81");
    }

    /** Gives one byte at a time. */
    static final class Dripping extends InputStream {
        private final ByteArrayInputStream in;

        Dripping(byte[] bytes) {
            in = new ByteArrayInputStream(bytes);
        }

        @Override
        public int read() {
            return in.read();
        }

        @Override
        public int read(byte[] to, int offset, int count) {
            return in.read(to, offset, Math.min(count, 1));
        }
    }
}
