package io.heliosdb.bench.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.HdrHistogram.Histogram;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * Many WebSocket clients on one thread, as a process of its own: what they cost does not count as
 * the server's. Commands come in lines: {@code open N SINCE} connects N more and subscribes them,
 * from a token or {@code now}; {@code expect N} answers when each has got N events more, with the
 * delays and the last token; {@code close} ends all. An event's payload begins with the time at
 * which it was due, as {@link System#nanoTime} counts on this machine, and its number.
 */
public final class Swarm {
    private static final byte[] PAYLOAD = "\"payload\":\"".getBytes(UTF_8);
    private static final byte[] TOKEN = "\"token\":\"".getBytes(UTF_8);
    private static final int BUFFER = 256 * 1024;
    private static final int TOKEN_LENGTH = 80;

    private final InetSocketAddress address;
    private final Histogram delays = new Histogram(TimeUnit.MINUTES.toNanos(5), 3);
    private Selector selector;
    private int clients;
    private long received;
    private long disordered;
    private String lastToken = "now";

    private Swarm(int port) throws IOException {
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        selector = Selector.open();
    }

    /** One client: what it has not read to the end, and the last number it got. */
    private static final class Client {
        private ByteBuffer rest = ByteBuffer.allocate(0);
        private long lastNumber;
    }

    /**
     * Runs until its input ends.
     *
     * @param args the port
     * @throws IOException where the server is gone
     */
    public static void main(String[] args) throws IOException {
        var swarm = new Swarm(Integer.parseInt(args[0]));
        var in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(swarm.run(line.split(" ", -1)));
        }
    }

    private String run(String[] command) throws IOException {
        return switch (command[0]) {
            case "open" -> {
                int count = Integer.parseInt(command[1]);
                for (int i = 0; i < count; i++) {
                    open(command[2]);
                }
                clients += count;
                yield "open " + clients;
            }
            case "expect" -> expect(Long.parseLong(command[1]));
            case "close" -> {
                for (var key : selector.keys()) {
                    key.channel().close();
                }
                selector.close();
                selector = Selector.open();
                clients = 0;
                yield "closed";
            }
            default -> throw new IllegalArgumentException(command[0]);
        };
    }

    private void open(String since) throws IOException {
        var channel = SocketChannel.open(address);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        var head =
                """
                GET /ws HTTP/1.1\r
                Host: localhost\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Protocol: heliosdb.v1\r
                \r
                """;
        channel.write(ByteBuffer.wrap(head.getBytes(UTF_8)));
        var answer = ByteBuffer.allocate(1024);
        while (!new String(answer.array(), 0, answer.position(), UTF_8).endsWith("\r\n\r\n")) {
            if (channel.read(answer) < 0) {
                throw new IOException(new String(answer.array(), 0, answer.position(), UTF_8));
            }
        }
        var subscribe =
                "{\"type\":\"subscribe\",\"id\":\"s\",\"channel\":\"load\""
                        + (since.equals("now") ? "}" : ",\"since\":\"" + since + "\"}");
        channel.write(masked(subscribe));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, new Client());
    }

    private static ByteBuffer masked(String text) {
        var bytes = text.getBytes(UTF_8);
        var frame = ByteBuffer.allocate(8 + bytes.length).put((byte) 0x81);
        if (bytes.length < 126) {
            frame.put((byte) (0x80 | bytes.length));
        } else {
            frame.put((byte) (0x80 | 126)).putShort((short) bytes.length);
        }
        return frame.putInt(0).put(bytes).flip();
    }

    private String expect(long each) throws IOException {
        received = 0;
        disordered = 0;
        delays.reset();
        long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        var buffer = ByteBuffer.allocateDirect(BUFFER);
        while (received < each * clients && System.nanoTime() < until) {
            selector.select(100);
            long now = System.nanoTime();
            for (var key : selector.selectedKeys()) {
                buffer.clear();
                if (((SocketChannel) key.channel()).read(buffer) < 0) {
                    throw new IOException("a client was closed");
                }
                read((Client) key.attachment(), buffer.flip(), now);
            }
            selector.selectedKeys().clear();
        }
        return "%d %d %d %d %s"
                .formatted(
                        received,
                        disordered,
                        delays.getValueAtPercentile(50) / 1000,
                        delays.getValueAtPercentile(99) / 1000,
                        lastToken);
    }

    private void read(Client client, ByteBuffer buffer, long now) {
        var in = ByteBuffer.allocate(client.rest.remaining() + buffer.remaining());
        in.put(client.rest).put(buffer).flip();
        while (in.remaining() >= 4) {
            int length = in.get(in.position() + 1);
            int head = 2;
            if (length == 126) {
                length = Short.toUnsignedInt(in.getShort(in.position() + 2));
                head = 4;
            }
            if (in.remaining() < head + length) {
                break;
            }
            boolean isText = in.get(in.position()) == (byte) 0x81;
            int begin = in.position() + head;
            if (isText) {
                event(client, in.array(), begin, begin + length, now);
            }
            in.position(begin + length);
        }
        client.rest = in.slice();
    }

    private void event(Client client, byte[] bytes, int begin, int end, long now) {
        int at = find(bytes, begin, end, PAYLOAD);
        if (at < 0) {
            return;
        }
        long due = 0;
        for (; bytes[at] != ' '; at++) {
            due = due * 10 + bytes[at] - '0';
        }
        long number = 0;
        for (at++; bytes[at] != ' '; at++) {
            number = number * 10 + bytes[at] - '0';
        }
        if (number <= client.lastNumber) {
            disordered++;
        }
        client.lastNumber = number;
        received++;
        delays.recordValue(Math.max(0, now - due));
        if (received % clients == 0) {
            int token = find(bytes, at, end, TOKEN);
            var text = new String(bytes, token, Math.min(TOKEN_LENGTH, end - token), UTF_8);
            lastToken = text.substring(0, text.indexOf('"'));
        }
    }

    /** Where what follows a mark begins, or -1. */
    private static int find(byte[] bytes, int begin, int end, byte[] mark) {
        for (int i = begin; i + mark.length <= end; i++) {
            int j = 0;
            while (j < mark.length && bytes[i + j] == mark[j]) {
                j++;
            }
            if (j == mark.length) {
                return i + j;
            }
        }
        return -1;
    }
}
