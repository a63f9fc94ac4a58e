package io.heliosdb.serve;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.proto.BackendMessage;
import io.heliosdb.pg.proto.BackendReader;
import io.heliosdb.pg.proto.FrontendMessage;
import io.heliosdb.pg.proto.FrontendWriter;
import io.heliosdb.pg.proto.StartupPacket;
import io.heliosdb.pgwire.ChannelTransport;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;

/**
 * A session of the process that owns a database, over its Unix socket: where both ends of it are,
 * and who it is there. One thread reads, one at a time writes.
 */
final class OwnerConnection implements AutoCloseable {
    private final Path socket;
    private final ChannelTransport transport;
    private final FrontendWriter writer;
    private final BackendReader reader;
    private int pid;
    private int secret;

    private OwnerConnection(Path socket, ChannelTransport transport) {
        this.socket = socket;
        this.transport = transport;
        writer = new FrontendWriter(transport.output());
        reader = new BackendReader(transport.input());
    }

    /**
     * Connects and logs in.
     *
     * @throws PgException 08006 where nobody answers, and what the owner refuses
     */
    static OwnerConnection open(Path socket) {
        var connection = new OwnerConnection(socket, transport(socket));
        try {
            connection.logIn();
            return connection;
        } catch (IOException e) {
            connection.close();
            throw unreachable(socket, e);
        } catch (RuntimeException | Error e) {
            connection.close();
            throw e;
        }
    }

    private static ChannelTransport transport(Path socket) {
        try {
            var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
            return new ChannelTransport(channel, socket.toString());
        } catch (IOException e) {
            throw unreachable(socket, e);
        }
    }

    private void logIn() throws IOException {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("user", "postgres");
        parameters.put("database", "postgres");
        parameters.put("application_name", "heliosdb");
        parameters.put("client_encoding", "UTF8");
        writer.write(new StartupPacket.Startup(0, parameters));
        writer.flush();
        while (true) {
            switch (reader.read()) {
                case BackendMessage.BackendKeyData(int id, int key) -> {
                    pid = id;
                    secret = key;
                }
                case BackendMessage.ErrorResponse(var report) ->
                        throw new PgException(report, null);
                case BackendMessage.ReadyForQuery ready -> {
                    return;
                }
                default -> {}
            }
        }
    }

    int pid() {
        return pid;
    }

    /** Asks the owner, on a connection of its own, to cancel what this session runs. */
    void cancel() {
        try (var other = transport(socket)) {
            var request = new FrontendWriter(other.output());
            request.write(new StartupPacket.CancelRequest(pid, secret));
            request.flush();
        } catch (IOException e) {
            throw unreachable(socket, e);
        }
    }

    void write(FrontendMessage message) {
        writer.write(message);
    }

    void flush() {
        try {
            writer.flush();
        } catch (IOException e) {
            throw ownerEnded(e);
        }
    }

    BackendMessage read() {
        try {
            return reader.read();
        } catch (IOException e) {
            throw ownerEnded(e);
        }
    }

    @Override
    public void close() {
        transport.close();
    }

    static PgException ownerEnded(Throwable cause) {
        var error =
                PgException.fatal(
                        SqlState.ADMIN_SHUTDOWN, "the process that owns the database has ended");
        error.initCause(cause);
        return error.withHint("Open the database again; openOrJoin makes this process its owner.");
    }

    private static PgException unreachable(Path socket, IOException cause) {
        var error =
                new PgException(
                        SqlState.CONNECTION_FAILURE,
                        "could not connect to \"%s\": %s".formatted(socket, cause.getMessage()));
        error.initCause(cause);
        return error;
    }
}
