package io.heliosdb.pg.proto;

import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** A session with a real PostgreSQL, spoken with this package's client half. */
final class PostgresPeer implements AutoCloseable {
    /** What a query answered: a value, null for NULL, or an error. */
    @SuppressWarnings("ArrayRecordComponent") // looked at, never compared
    record Answer(byte @Nullable [] value, @Nullable Report error) {}

    private final Socket socket;
    private final FrontendWriter writer;
    private final BackendReader reader;

    PostgresPeer(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        writer = new FrontendWriter(socket.getOutputStream());
        reader = new BackendReader(socket.getInputStream());
        writer.write(
                new StartupPacket.Startup(
                        0,
                        Map.of(
                                "user", "postgres",
                                "database", "postgres",
                                "client_encoding", "UTF8",
                                "TimeZone", "UTC")));
        untilReady();
    }

    /** Runs statements for what they set. */
    void run(String sql) throws IOException {
        writer.write(new FrontendMessage.Query(sql));
        var answer = untilReady();
        if (answer.error() != null) {
            throw new AssertionError(sql + ": " + answer.error());
        }
    }

    /** Sends a value as a parameter and asks for it back. */
    Answer echo(int oid, byte[] value, int format, int resultFormat) throws IOException {
        writer.write(new FrontendMessage.Parse("", "select $1", new int[] {oid}));
        writer.write(
                new FrontendMessage.Bind(
                        "",
                        "",
                        new int[] {format},
                        Collections.singletonList(value),
                        new int[] {resultFormat}));
        writer.write(new FrontendMessage.Execute("", 0));
        writer.write(new FrontendMessage.Sync());
        return untilReady();
    }

    private Answer untilReady() throws IOException {
        writer.flush();
        List<byte @Nullable []> row = Arrays.asList(new byte @Nullable [][] {null});
        Report error = null;
        while (true) {
            switch (reader.read()) {
                case BackendMessage.DataRow data -> row = data.values();
                case BackendMessage.ErrorResponse(var report) -> {
                    error = report;
                    if (report.severity() == Severity.FATAL) {
                        return new Answer(null, error);
                    }
                }
                case BackendMessage.ReadyForQuery ready -> {
                    return new Answer(row.getFirst(), error);
                }
                default -> {}
            }
        }
    }

    static String text(byte @Nullable [] value) {
        return value == null ? "NULL" : new String(value, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        writer.write(new FrontendMessage.Terminate());
        writer.flush();
        socket.close();
    }
}
