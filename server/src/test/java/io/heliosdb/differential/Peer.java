package io.heliosdb.differential;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A client that hides nothing: it sends the bytes it is told and shows every message in the order
 * it came. Each wait is bounded; one that ends without its message fails with what came instead.
 * For one thread.
 */
final class Peer implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int PROTOCOL_3_0 = 196608;
    private static final int CANCEL_REQUEST = 80877102;
    private static final int MESSAGE_BYTES_MAX = 64 << 20;

    private final Target target;
    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final OutputStream out;
    private final Map<String, String> parameters = new HashMap<>();
    private int pid;
    private int secret;
    private char status = 'I';

    private Peer(Target target, int port, int receiveBufferBytes) throws IOException {
        this.target = target;
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(target.host(), port), (int) PATIENCE.toMillis());
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        out = socket.getOutputStream();
    }

    /** A TCP connection on which nothing has been said yet. */
    static Peer connect(Target target) throws IOException {
        return new Peer(target, target.port(), 0);
    }

    static Peer connect(Target target, int port) throws IOException {
        return new Peer(target, port, 0);
    }

    /** A session, ready for its first query. */
    static Peer login(Target target) throws IOException {
        return startUp(connect(target));
    }

    /** A session whose socket takes in little before the server has to wait for its reader. */
    static Peer loginWithSmallWindow(Target target) throws IOException {
        return startUp(new Peer(target, target.port(), 4096));
    }

    private static Peer startUp(Peer peer) throws IOException {
        peer.send(startupPacket("user", peer.target.user(), "database", peer.target.database()));
        peer.finishStartUp();
        return peer;
    }

    /** Reads up to the first ReadyForQuery. */
    List<Message> finishStartUp() throws IOException {
        List<Message> messages = readUntil("Z");
        for (Message message : messages) {
            if (message.type() == 'K') {
                ByteBuffer key = ByteBuffer.wrap(message.body());
                pid = key.getInt();
                secret = key.getInt();
            }
        }
        return messages;
    }

    int pid() {
        return pid;
    }

    /** The transaction status that the last ReadyForQuery told. */
    char status() {
        return status;
    }

    Map<String, String> parameters() {
        return parameters;
    }

    void send(byte[]... packets) throws IOException {
        for (byte[] packet : packets) {
            out.write(packet);
        }
        out.flush();
    }

    /** Runs a simple query and gives all messages of its answer, errors among them. */
    List<Message> query(String sql) throws IOException {
        send(message('Q', cstring(sql)));
        return readUntil("Z");
    }

    /** The first value of a query that must succeed. */
    String value(String sql) throws IOException {
        List<Message> answer = query(sql);
        return answer.stream()
                .filter(message -> message.type() == 'D')
                .findFirst()
                .orElseThrow(() -> new AssertionError(sql + " answered " + show(answer)))
                .texts()
                .getFirst();
    }

    /**
     * Messages up to and including the first whose type is in {@code types}, or an end of the
     * connection: error.
     */
    List<Message> readUntil(String types) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<Message> messages = new ArrayList<>();
        try {
            while (true) {
                Message message = read(deadline);
                messages.add(message);
                if (types.indexOf(message.type()) >= 0) {
                    return messages;
                }
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no message of " + types + " came, only " + show(messages), e);
        } catch (EOFException | SocketException e) {
            throw new AssertionError("connection ended after " + show(messages), e);
        }
    }

    /** The next messages of type {@code A}; anything else in between is given too. */
    List<Message> readNotifications(int count) throws IOException {
        List<Message> messages = new ArrayList<>();
        for (int left = count; left > 0; left--) {
            messages.addAll(readUntil("A"));
        }
        return messages;
    }

    /** Everything that still comes until the server ends the connection. */
    List<Message> readToEnd(Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        List<Message> messages = new ArrayList<>();
        try {
            while (true) {
                messages.add(read(deadline));
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("connection still open after " + show(messages), e);
        } catch (EOFException | SocketException e) {
            return messages;
        }
    }

    Message read(long deadlineNanos) throws IOException {
        awaitByte(deadlineNanos);
        int type = in.read();
        if (type < 0) {
            throw new EOFException();
        }
        int length = in.readInt() - 4;
        if (length < 0 || length > MESSAGE_BYTES_MAX) {
            throw new AssertionError("message %c with length %d".formatted((char) type, length));
        }
        Message message = new Message((char) type, in.readNBytes(length));
        if (message.body().length < length) {
            throw new EOFException();
        }
        if (type == 'Z') {
            status = message.status();
        } else if (type == 'S') {
            String[] pair = message.show(Integer::toString).substring(2).split("=", 2);
            parameters.put(pair[0], pair[1]);
        }
        return message;
    }

    /** A single byte that is not a message: the answer to SSLRequest. */
    int readByte() throws IOException {
        awaitByte(System.nanoTime() + PATIENCE.toNanos());
        return in.read();
    }

    /** What still comes, taken for bytes and not for messages. */
    byte[] readRest() throws IOException {
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return in.readAllBytes();
    }

    private void awaitByte(long deadlineNanos) throws IOException {
        long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
        if (leftMillis <= 0) {
            throw new SocketTimeoutException("deadline passed");
        }
        socket.setSoTimeout((int) leftMillis);
    }

    /** Asks on a connection of its own to cancel what this session runs. */
    void cancel() throws IOException {
        try (Peer canceller = connect(target, socket.getPort())) {
            canceller.send(
                    ByteBuffer.allocate(16)
                            .putInt(16)
                            .putInt(CANCEL_REQUEST)
                            .putInt(pid)
                            .putInt(secret)
                            .array());
            canceller.readToEnd(PATIENCE);
        }
    }

    /** Sends no more, still reads. */
    void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Ends the connection the way a crashed client does: reset, not closed. */
    void abort() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        try (socket) {
            if (pid != 0 && !socket.isOutputShutdown()) {
                send(message('X'));
            }
        } catch (SocketException e) {
            // The server was quicker to end the connection; a test that cares has looked before.
        }
    }

    static String show(List<Message> messages) {
        return messages.stream()
                .map(message -> message.show(Integer::toString))
                .toList()
                .toString();
    }

    static byte[] startupPacket(String... namesAndValues) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(int32(PROTOCOL_3_0));
        for (String text : namesAndValues) {
            body.writeBytes(cstring(text));
        }
        body.write(0);
        return lengthFramed(body.toByteArray());
    }

    static byte[] message(char type, byte[]... parts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            body.writeBytes(part);
        }
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.write(type);
        message.writeBytes(lengthFramed(body.toByteArray()));
        return message.toByteArray();
    }

    private static byte[] lengthFramed(byte[] body) {
        ByteArrayOutputStream framed = new ByteArrayOutputStream();
        framed.writeBytes(int32(body.length + 4));
        framed.writeBytes(body);
        return framed.toByteArray();
    }

    static byte[] cstring(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    static byte[] int32(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    static byte[] int16(int value) {
        return ByteBuffer.allocate(2).putShort((short) value).array();
    }
}
