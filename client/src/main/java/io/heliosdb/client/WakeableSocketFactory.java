package io.heliosdb.client;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import javax.net.SocketFactory;

/**
 * What pgjdbc is given as {@code socketFactory} so that a listener knows the socket below its
 * connection. The driver makes one by its name; it is of no use to anybody else.
 */
public final class WakeableSocketFactory extends SocketFactory {
    /** By argument, from {@link #expect} to {@link #forget}. */
    private static final ConcurrentMap<String, Expected> EXPECTED = new ConcurrentHashMap<>();

    /** Learns of every socket that is made; the driver may try several hosts, the last counts. */
    @FunctionalInterface
    interface Expected {
        /** Called before it connects; refuses by throwing. */
        void made(WakeableSocket socket) throws IOException;
    }

    private final String argument;

    /**
     * Called by pgjdbc.
     *
     * @param argument the name under which the socket is asked for
     */
    public WakeableSocketFactory(String argument) {
        this.argument = argument;
    }

    /** A new argument for one connection. */
    static String expect(Expected expected) {
        var argument = UUID.randomUUID().toString();
        EXPECTED.put(argument, expected);
        return argument;
    }

    static void forget(String argument) {
        EXPECTED.remove(argument);
    }

    @Override
    public Socket createSocket() throws IOException {
        var expected = EXPECTED.get(argument);
        if (expected == null) {
            // A request to cancel, on a connection of its own.
            return new Socket();
        }
        var socket = new WakeableSocket();
        try {
            expected.made(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
            throws IOException {
        return connected(
                new InetSocketAddress(host, port), new InetSocketAddress(local, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
            throws IOException {
        return connected(
                new InetSocketAddress(host, port), new InetSocketAddress(local, localPort));
    }

    private Socket connected(InetSocketAddress to, @Nullable InetSocketAddress from)
            throws IOException {
        var socket = createSocket();
        if (from != null) {
            socket.bind(from);
        }
        socket.connect(to);
        return socket;
    }
}
