package io.heliosdb.pg.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgType;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Whatever comes, a reader ends, allocates in proportion, and throws only what it documents. */
class ReadersFuzzTest {
    private static final int ROUNDS = 1500;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final long seed = Long.getLong("fuzz.seed", System.nanoTime());
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

    /** Reads one message of a kind until the stream or the reader gives up. */
    private interface Reading {
        void readOne() throws IOException;
    }

    @Test
    void frontendReaderEndsWellOnAnything() throws IOException {
        var valid = frontendConversation();
        for (int round = 0; round < ROUNDS; round++) {
            var bytes = damaged(valid);
            var reader = new FrontendReader(cut(bytes));
            readAll(round, bytes, () -> assertThat(reader.read()).isNotNull());
        }
    }

    @Test
    void frontendReaderEndsWellOnAnyStartup() throws IOException {
        var valid = startupPackets();
        for (int round = 0; round < ROUNDS; round++) {
            var bytes = damaged(valid);
            var reader = new FrontendReader(cut(bytes));
            readAll(round, bytes, () -> assertThat(reader.readStartup()).isNotNull());
        }
    }

    @Test
    void backendReaderEndsWellOnAnything() throws IOException {
        var valid = backendConversation();
        for (int round = 0; round < ROUNDS; round++) {
            var bytes = damaged(valid);
            var reader = new BackendReader(cut(bytes));
            readAll(round, bytes, () -> assertThat(reader.read()).isNotNull());
        }
    }

    private void readAll(int round, byte[] bytes, Reading reading) throws IOException {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            // Every message takes a byte at least.
            for (int i = 0; i <= bytes.length; i++) {
                reading.readOne();
            }
            throw new AssertionError("more messages than bytes, " + told(round, bytes));
        } catch (SilentClose | PgException documented) {
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertThat(allocated).as(told(round, bytes)).isLessThan(500_000 + 1000L * bytes.length);
        } catch (RuntimeException e) {
            throw new AssertionError(told(round, bytes), e);
        }
    }

    private String told(int round, byte[] bytes) {
        return "-Dfuzz.seed=%d, round %d, %d bytes".formatted(seed, round, bytes.length);
    }

    /** Random bytes, or the valid ones cut short or with some bytes changed, lost or repeated. */
    private byte[] damaged(byte[] valid) {
        if (random.nextInt(8) == 0) {
            var noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            return noise;
        }
        var bytes = valid.clone();
        if (random.nextBoolean()) {
            bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
        }
        for (int i = random.nextInt(6); i > 0 && bytes.length > 4; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = spliced(bytes, at, random.nextInt(5), 0);
                default -> bytes = spliced(bytes, at, 0, random.nextInt(5));
            }
        }
        return bytes;
    }

    private static byte[] spliced(byte[] bytes, int at, int lost, int repeated) {
        var out = new ByteArrayOutputStream();
        out.write(bytes, 0, at);
        out.write(bytes, at, Math.min(repeated, bytes.length - at));
        int from = Math.min(at + lost, bytes.length);
        out.write(bytes, from, bytes.length - from);
        return out.toByteArray();
    }

    /** All at once, one byte at a time, or in pieces of any size. */
    private InputStream cut(byte[] bytes) {
        int most = List.of(1, 7, 1 << 20).get(random.nextInt(3));
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] to, int offset, int count) {
                return super.read(to, offset, Math.min(count, 1 + random.nextInt(most)));
            }
        };
    }

    private static byte[] frontendConversation() throws IOException {
        var bytes = new ByteArrayOutputStream();
        var writer = new FrontendWriter(bytes);
        writer.write(new FrontendMessage.Query("select 'é'"));
        writer.write(new FrontendMessage.Parse("s", "select $1, $2", new int[] {23, 25}));
        writer.write(
                new FrontendMessage.Bind(
                        "",
                        "s",
                        new int[] {1, 0},
                        Arrays.asList(new byte[4], null),
                        new int[] {0, 1}));
        writer.write(new FrontendMessage.Describe(FrontendMessage.Target.PORTAL, ""));
        writer.write(new FrontendMessage.Execute("", 5));
        writer.write(new FrontendMessage.Close(FrontendMessage.Target.STATEMENT, "s"));
        writer.write(new FrontendMessage.Flush());
        writer.write(new FrontendMessage.Sync());
        writer.write(new FrontendMessage.CopyData(new byte[] {1, 2, 3}));
        writer.write(new FrontendMessage.CopyFail("no"));
        writer.write(new FrontendMessage.FunctionCall(1, new int[] {1}, List.of(new byte[2]), 0));
        writer.write(new FrontendMessage.CopyData(new byte[20_000]));
        writer.write(new FrontendMessage.Terminate());
        writer.flush();
        return bytes.toByteArray();
    }

    private static byte[] startupPackets() throws IOException {
        var bytes = new ByteArrayOutputStream();
        var writer = new FrontendWriter(bytes);
        writer.write(new StartupPacket.SslRequest());
        writer.write(new StartupPacket.CancelRequest(1, 2));
        writer.write(new StartupPacket.Startup(0, Map.of("user", "é", "database", "d")));
        writer.flush();
        return bytes.toByteArray();
    }

    private static byte[] backendConversation() throws IOException {
        var bytes = new ByteArrayOutputStream();
        var writer = new BackendWriter(bytes, 8192);
        writer.authenticationSasl(List.of("SCRAM-SHA-256", "X"));
        writer.authenticationSaslContinue(new byte[] {1});
        writer.authenticationOk();
        writer.negotiateProtocolVersion(0, List.of("_pq_.a", "_pq_.b"));
        writer.parameterStatus("a", "b");
        writer.backendKeyData(1, 2);
        writer.rowDescription(List.of(new Column("a", 23), new Column("b", 25)), 0);
        writer.beginDataRow(2);
        writer.value(new byte[] {1, 2});
        writer.nullValue();
        writer.endDataRow();
        writer.parameterDescription(new int[] {23, 25});
        writer.copyResponse(CopyDirection.BOTH, 0, 2);
        writer.functionCallResponse(PgType.of(Oid.INT4), 7, 1);
        writer.error(new Report(Severity.ERROR, SqlState.SYNTAX_ERROR, "m", "d", "h", 3, "w"));
        writer.notification(1, "c", "p");
        writer.commandComplete("INSERT 0", 1);
        writer.readyForQuery('I');
        writer.flush();
        return bytes.toByteArray();
    }

    @Test
    void anAnnouncedLengthAllocatesNothing() {
        var announced = new byte[] {'d', 3, (byte) 0xff, (byte) 0xff, (byte) 0xff, 1, 2, 3};
        // The first time loads classes.
        long allocated = 0;
        for (int i = 0; i < 2; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            var close = catchSilentClose(new FrontendReader(new ByteArrayInputStream(announced)));
            allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertThat(close).hasMessage("incomplete message from client");
        }
        assertThat(allocated).isLessThan(100_000);
    }

    private static SilentClose catchSilentClose(FrontendReader reader) {
        try {
            throw new AssertionError(reader.read());
        } catch (SilentClose e) {
            return e;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
