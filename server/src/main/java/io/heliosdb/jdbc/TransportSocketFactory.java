package io.heliosdb.jdbc;

import io.heliosdb.pgwire.ChannelTransport;
import io.heliosdb.pgwire.Transport;
import io.heliosdb.pgwire.WireServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import javax.net.SocketFactory;

/**
 * What pgjdbc is given as {@code socketFactory}; its {@code socketFactoryArg} says where to: {@code
 * memory:ID} for a server in this process, {@code unix:PATH} for another process on this machine.
 * Host and port of the JDBC URL mean nothing.
 */
public final class TransportSocketFactory extends SocketFactory {
    private static final String MEMORY = "memory:";
    private static final String UNIX = "unix:";

    /**
     * Servers of this process that a driver may reach; entries live as long as their data source.
     */
    private static final ConcurrentMap<String, WireServer> SERVERS = new ConcurrentHashMap<>();

    private final TransportSocket.Opener opener;

    /**
     * Called by pgjdbc.
     *
     * @param argument {@code memory:ID} or {@code unix:PATH}
     */
    public TransportSocketFactory(String argument) {
        if (argument.startsWith(MEMORY)) {
            opener = () -> openInMemory(argument);
        } else if (argument.startsWith(UNIX)) {
            opener = () -> openUnix(argument.substring(UNIX.length()));
        } else {
            throw new IllegalArgumentException("expected memory:ID or unix:PATH: " + argument);
        }
    }

    /** Makes a server reachable and names it. */
    static String register(WireServer server) {
        var argument = MEMORY + UUID.randomUUID();
        SERVERS.put(argument, server);
        return argument;
    }

    static void unregister(String argument) {
        SERVERS.remove(argument);
    }

    private static Transport openInMemory(String argument) throws IOException {
        var server = SERVERS.get(argument);
        if (server == null) {
            throw new SocketException("the database is closed");
        }
        var pair = InMemoryTransport.pair();
        server.accept(pair.server());
        return pair.client();
    }

    private static Transport openUnix(String path) throws IOException {
        var address = UnixDomainSocketAddress.of(path);
        return new ChannelTransport(SocketChannel.open(address), path);
    }

    @Override
    public Socket createSocket() {
        return new TransportSocket(opener);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        var socket = createSocket();
        socket.connect(InetSocketAddress.createUnresolved(host, port));
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
            throws IOException {
        return createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return createSocket(host.getHostAddress(), port);
    }

    @Override
    public Socket createSocket(
            InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return createSocket(address, port);
    }
}
