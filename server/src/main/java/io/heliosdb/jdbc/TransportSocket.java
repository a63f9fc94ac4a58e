package io.heliosdb.jdbc;

import io.heliosdb.pgwire.Transport;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A socket to a driver's eyes, over any transport. {@link #connect} opens the transport whatever
 * address it is given; what only a real socket has, such as buffer sizes, is accepted and ignored.
 */
final class TransportSocket extends Socket {
    /** Opens the transport when the driver connects. */
    interface Opener {
        Transport open() throws IOException;
    }

    private final Opener opener;
    private final AtomicReference<@Nullable Transport> transport = new AtomicReference<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile int timeoutMillis;

    TransportSocket(Opener opener) {
        this.opener = opener;
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
        connect(endpoint, 0);
    }

    @Override
    public void connect(SocketAddress endpoint, int connectTimeoutMillis) throws IOException {
        if (closed.get() || transport.get() != null) {
            throw new SocketException(closed.get() ? "Socket closed" : "already connected");
        }
        var opened = opener.open();
        opened.readTimeout(timeoutMillis);
        transport.set(opened);
        if (closed.get()) {
            opened.close();
            throw new SocketException("Socket closed");
        }
    }

    private Transport connected() throws SocketException {
        var current = transport.get();
        if (closed.get() || current == null) {
            throw new SocketException(closed.get() ? "Socket closed" : "Socket is not connected");
        }
        return current;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return connected().input();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return connected().output();
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        timeoutMillis = millis;
        var current = transport.get();
        if (current != null) {
            try {
                current.readTimeout(millis);
            } catch (IOException e) {
                throw new SocketException(e);
            }
        }
    }

    @Override
    public int getSoTimeout() {
        return timeoutMillis;
    }

    @Override
    public void close() {
        closed.set(true);
        var current = transport.get();
        if (current != null) {
            current.close();
        }
    }

    @Override
    public boolean isClosed() {
        return closed.get();
    }

    @Override
    public boolean isConnected() {
        return transport.get() != null;
    }

    @Override
    public boolean isBound() {
        return isConnected();
    }

    @Override
    public InetAddress getInetAddress() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public InetAddress getLocalAddress() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public int getPort() {
        return 0;
    }

    @Override
    public int getLocalPort() {
        return 0;
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return getRemoteSocketAddress();
    }

    @Override
    public void shutdownInput() throws IOException {
        connected().endInput();
    }

    @Override
    public void shutdownOutput() throws SocketException {
        throw new SocketException("shutdownOutput is not supported");
    }

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public boolean getTcpNoDelay() {
        return true;
    }

    @Override
    public void setKeepAlive(boolean on) {}

    @Override
    public boolean getKeepAlive() {
        return true;
    }

    @Override
    public void setSoLinger(boolean on, int linger) {}

    @Override
    public int getSoLinger() {
        return -1;
    }

    @Override
    public void setReceiveBufferSize(int size) {}

    @Override
    public int getReceiveBufferSize() {
        return 16 * 1024;
    }

    @Override
    public void setSendBufferSize(int size) {}

    @Override
    public int getSendBufferSize() {
        return 16 * 1024;
    }

    @Override
    public void setTrafficClass(int trafficClass) {}

    @Override
    public String toString() {
        var current = transport.get();
        return "TransportSocket[" + (current == null ? "unconnected" : current.peer()) + ']';
    }
}
