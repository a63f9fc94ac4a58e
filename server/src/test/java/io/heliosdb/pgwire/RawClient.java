package io.heliosdb.pgwire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Speaks the protocol byte by byte, so that a test sees every message and its order. */
final class RawClient implements AutoCloseable {
    static final int PROTOCOL_3 = 196608;
    static final int SSL_REQUEST = 80877103;
    static final int GSSENC_REQUEST = 80877104;
    static final int CANCEL_REQUEST = 80877102;
    private static final int TIMEOUT_MILLIS = 10_000;

    private final InetSocketAddress address;
    private Socket socket;
    private DataInputStream in;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private int pid;
    private int secretKey;

    /** One message from the server. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Message(char type, byte[] body) {
        Map<Character, String> fields() {
            var fields = new LinkedHashMap<Character, String>();
            for (var part : new String(body, UTF_8).split("\0", -1)) {
                if (!part.isEmpty()) {
                    fields.put(part.charAt(0), part.substring(1));
                }
            }
            return fields;
        }

        String text() {
            return new String(body, UTF_8);
        }

        /** The strings that end in NUL, after some bytes. */
        List<String> strings(int skip) {
            return List.of(new String(body, skip, body.length - skip, UTF_8).split("\0", -1))
                    .stream()
                    .limit(Math.max(0, text().chars().skip(skip).filter(c -> c == 0).count()))
                    .toList();
        }

        /** The values of a DataRow as text. */
        List<String> row() {
            var values = new ArrayList<String>();
            var buffer = java.nio.ByteBuffer.wrap(body);
            int count = buffer.getShort();
            for (int i = 0; i < count; i++) {
                int length = buffer.getInt();
                if (length < 0) {
                    values.add("NULL");
                } else {
                    var value = new byte[length];
                    buffer.get(value);
                    values.add(new String(value, UTF_8));
                }
            }
            return values;
        }
    }

    RawClient(InetSocketAddress address) throws IOException {
        this.address = address;
        socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort());
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
    }

    /** Connected, authenticated by trust, and ready. */
    static RawClient ready(InetSocketAddress address) throws IOException {
        var client = new RawClient(address);
        client.send(startup(Map.of("user", "postgres")));
        client.untilReady();
        return client;
    }

    static byte[] packet(int code, byte[] rest) {
        return bytes(out -> {
            out.writeInt(rest.length + 8);
            out.writeInt(code);
            out.write(rest);
        });
    }

    static byte[] startup(Map<String, String> parameters) {
        return startup(PROTOCOL_3, parameters);
    }

    static byte[] startup(int version, Map<String, String> parameters) {
        return packet(
                version,
                bytes(out -> {
                    for (var entry : parameters.entrySet()) {
                        out.write((entry.getKey() + '\0').getBytes(UTF_8));
                        out.write((entry.getValue() + '\0').getBytes(UTF_8));
                    }
                    out.write(0);
                }));
    }

    static byte[] message(char type, byte[] body) {
        return bytes(out -> {
            out.write(type);
            out.writeInt(body.length + 4);
            out.write(body);
        });
    }

    static byte[] query(String sql) {
        return message('Q', cstring(sql));
    }

    static byte[] parse(String name, String sql) {
        return message('P', concat(cstring(name), cstring(sql), new byte[2]));
    }

    static byte[] bind(String... values) {
        return message(
                'B',
                bytes(out -> {
                    out.write(new byte[4]);
                    out.writeShort(values.length);
                    for (var value : values) {
                        var encoded = value.getBytes(UTF_8);
                        out.writeInt(encoded.length);
                        out.write(encoded);
                    }
                    out.writeShort(0);
                }));
    }

    static byte[] execute(int maxRows) {
        return message(
                'E',
                bytes(out -> {
                    out.write(0);
                    out.writeInt(maxRows);
                }));
    }

    static byte[] describe(char kind, String name) {
        return message('D', concat(new byte[] {(byte) kind}, cstring(name)));
    }

    static byte[] sync() {
        return message('S', new byte[0]);
    }

    static byte[] flush() {
        return message('H', new byte[0]);
    }

    static byte[] cstring(String text) {
        return (text + '\0').getBytes(UTF_8);
    }

    static byte[] concat(byte[]... parts) {
        return bytes(out -> {
            for (var part : parts) {
                out.write(part);
            }
        });
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private static byte[] bytes(Writing writing) {
        var sink = new ByteArrayOutputStream();
        try {
            writing.to(new DataOutputStream(sink));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return sink.toByteArray();
    }

    void send(byte[]... parts) throws IOException {
        socket.getOutputStream().write(concat(parts));
    }

    void cancel() throws IOException {
        try (var other = new RawClient(address)) {
            other.send(
                    packet(
                            CANCEL_REQUEST,
                            bytes(out -> {
                                out.writeInt(pid);
                                out.writeInt(secretKey);
                            })));
            other.untilEnd();
        }
    }

    char readByte() throws IOException {
        return (char) in.readUnsignedByte();
    }

    Message read() throws IOException {
        char type = readByte();
        var body = new byte[in.readInt() - 4];
        in.readFully(body);
        var message = new Message(type, body);
        switch (type) {
            case 'S' -> {
                var pair = message.strings(0);
                parameters.put(pair.get(0), pair.get(1));
            }
            case 'K' -> {
                var buffer = java.nio.ByteBuffer.wrap(body);
                pid = buffer.getInt();
                secretKey = buffer.getInt();
            }
            default -> {}
        }
        return message;
    }

    List<Message> until(char type) throws IOException {
        var messages = new ArrayList<Message>();
        do {
            messages.add(read());
        } while (messages.getLast().type() != type);
        return messages;
    }

    List<Message> untilReady() throws IOException {
        return until('Z');
    }

    /** What comes until the server closes the connection. */
    List<Message> untilEnd() throws IOException {
        var messages = new ArrayList<Message>();
        try {
            while (true) {
                messages.add(read());
            }
        } catch (EOFException | SocketException e) {
            return messages; // A reset is an end too: the server had unread input.
        }
    }

    /** Sends a query and gives the answer. */
    List<Message> run(String sql) throws IOException {
        send(query(sql));
        return untilReady();
    }

    /** No message comes within a moment. */
    boolean isSilentFor(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            read();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } finally {
            socket.setSoTimeout(TIMEOUT_MILLIS);
        }
    }

    void startTls() throws IOException, GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustsAll()}, null);
        socket = context.getSocketFactory().createSocket(socket, "localhost", 0, true);
        in = new DataInputStream(socket.getInputStream());
    }

    Socket socket() {
        return socket;
    }

    Map<String, String> parameters() {
        return parameters;
    }

    int pid() {
        return pid;
    }

    /** The types of messages, without notices and parameters. */
    static String shape(List<Message> messages) {
        return messages.stream()
                .map(Message::type)
                .filter(type -> type != 'S' && type != 'N')
                .map(String::valueOf)
                .collect(Collectors.joining());
    }

    static Map<Character, String> error(List<Message> messages) {
        return messages.stream()
                .filter(m -> m.type() == 'E')
                .findFirst()
                .orElseThrow(() -> new AssertionError("no error in " + shape(messages)))
                .fields();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static final class TrustsAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
