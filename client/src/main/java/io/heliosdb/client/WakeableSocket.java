package io.heliosdb.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP socket whose wait for the first byte of a message another thread can end. To the driver a
 * wake looks like a read that timed out, so it is heard only while a read has a timeout: pgjdbc
 * sets one while it waits for a notification, and takes it off as soon as a message begins. A
 * timeout of one millisecond, by which pgjdbc asks whether there is more, is answered at once.
 */
final class WakeableSocket extends Socket {
    private static final int LOOK_MILLIS = 1;

    private final SocketChannel channel;
    private final Selector reading;
    private final Selector writing;

    private volatile int timeoutMillis;

    /** Set by who wakes; taken by the reader, or before it starts to wait. */
    private volatile boolean woken;

    /** Whether a wake may end a read; written by the reader. */
    private volatile boolean wakeable;

    /** Written by the reader. */
    private final AtomicLong bytesRead = new AtomicLong();

    WakeableSocket() throws IOException {
        channel = SocketChannel.open();
        reading = channel.provider().openSelector();
        writing = channel.provider().openSelector();
    }

    /** Ends the wait that the reader is in, or the next one. */
    void wake() {
        woken = true;
        reading.wakeup();
    }

    /** From here on a wake counts, earlier ones are forgotten. */
    void allowWake() {
        woken = false;
        wakeable = true;
    }

    /** How much has come; it grows with every word of the server. */
    long bytesRead() {
        return bytesRead.get();
    }

    /** Waits, without reading, until there is something to read, a wake, or the time is over. */
    void awaitReadable(long nanos) throws IOException {
        if (woken) {
            woken = false;
            return;
        }
        long millis = nanos / 1_000_000L;
        try {
            if (millis > 0) {
                reading.select(WakeableSocket::ignore, millis);
            } else {
                reading.selectNow(WakeableSocket::ignore);
            }
        } catch (ClosedSelectorException e) {
            throw closed(e);
        }
        woken = false;
    }

    /** Closes from any thread; what fails then has nobody left to be told. */
    void closeQuietly() {
        try {
            close();
        } catch (IOException e) {
            assert e != null;
        }
    }

    /** From here on a wake ends {@link #awaitReadable}; reads are not concerned. */
    void forgetWake() {
        woken = false;
    }

    void forbidWake() {
        wakeable = false;
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
        connect(endpoint, 0);
    }

    @Override
    public void connect(SocketAddress endpoint, int connectTimeoutMillis) throws IOException {
        if (endpoint instanceof InetSocketAddress address && address.isUnresolved()) {
            throw new UnknownHostException(address.getHostString());
        }
        // A connecting channel has no timeout of its own, its socket adaptor has.
        channel.socket().connect(endpoint, connectTimeoutMillis);
        channel.configureBlocking(false);
        channel.register(reading, SelectionKey.OP_READ);
        channel.register(writing, SelectionKey.OP_WRITE);
    }

    private int read(ByteBuffer target) throws IOException {
        try {
            int timeout = timeoutMillis;
            long deadline = timeout == 0 ? 0 : System.nanoTime() + timeout * 1_000_000L;
            if (timeout == LOOK_MILLIS && wakeable) {
                // What is read at once is bounded by the driver's buffer: it is asked again.
                throw new SocketTimeoutException("no look ahead");
            }
            while (true) {
                int n = channel.read(target);
                if (n != 0) {
                    bytesRead.addAndGet(Math.max(0, n));
                    return n;
                }
                awaitReadable(timeout, deadline);
            }
        } catch (ClosedChannelException | ClosedSelectorException e) {
            throw closed(e);
        }
    }

    private void awaitReadable(int timeout, long deadline) throws IOException {
        if (timeout > LOOK_MILLIS && wakeable && woken) {
            woken = false;
            throw new SocketTimeoutException("woken");
        }
        if (timeout == 0) {
            reading.select(WakeableSocket::ignore);
            return;
        }
        long left = (deadline - System.nanoTime()) / 1_000_000L;
        if (timeout <= LOOK_MILLIS || left <= 0) {
            if (reading.selectNow(WakeableSocket::ignore) == 0) {
                throw new SocketTimeoutException("Read timed out");
            }
            return;
        }
        reading.select(WakeableSocket::ignore, left);
    }

    private void write(ByteBuffer source) throws IOException {
        try {
            int timeout = timeoutMillis;
            long deadline = timeout == 0 ? 0 : System.nanoTime() + timeout * 1_000_000L;
            while (source.hasRemaining()) {
                if (channel.write(source) == 0) {
                    awaitWritable(timeout, deadline);
                }
            }
        } catch (ClosedChannelException | ClosedSelectorException e) {
            throw closed(e);
        }
    }

    private void awaitWritable(int timeout, long deadline) throws IOException {
        if (timeout == 0) {
            writing.select(WakeableSocket::ignore);
            return;
        }
        long left = (deadline - System.nanoTime()) / 1_000_000L;
        if (left <= 0) {
            throw new SocketTimeoutException("Write timed out");
        }
        writing.select(WakeableSocket::ignore, left);
    }

    private static void ignore(SelectionKey key) {
        Objects.requireNonNull(key);
    }

    private static SocketException closed(Exception cause) {
        var closed = new SocketException("Socket closed");
        closed.initCause(cause);
        return closed;
    }

    @Override
    public InputStream getInputStream() {
        return new In();
    }

    @Override
    public OutputStream getOutputStream() {
        return new Out();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        reading.close();
        writing.close();
    }

    @Override
    public void setSoTimeout(int millis) {
        timeoutMillis = millis;
    }

    @Override
    public int getSoTimeout() {
        return timeoutMillis;
    }

    @Override
    public void bind(SocketAddress local) throws IOException {
        channel.bind(local);
    }

    @Override
    public SocketChannel getChannel() {
        return channel;
    }

    @Override
    public boolean isConnected() {
        return channel.socket().isConnected();
    }

    @Override
    public boolean isBound() {
        return channel.socket().isBound();
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public InetAddress getInetAddress() {
        return channel.socket().getInetAddress();
    }

    @Override
    public InetAddress getLocalAddress() {
        return channel.socket().getLocalAddress();
    }

    @Override
    public int getPort() {
        return channel.socket().getPort();
    }

    @Override
    public int getLocalPort() {
        return channel.socket().getLocalPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return channel.socket().getRemoteSocketAddress();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return channel.socket().getLocalSocketAddress();
    }

    @Override
    public void shutdownInput() throws IOException {
        channel.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public boolean isInputShutdown() {
        return channel.socket().isInputShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
        return channel.socket().isOutputShutdown();
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
        channel.socket().setTcpNoDelay(on);
    }

    @Override
    public boolean getTcpNoDelay() throws SocketException {
        return channel.socket().getTcpNoDelay();
    }

    @Override
    public void setKeepAlive(boolean on) throws SocketException {
        channel.socket().setKeepAlive(on);
    }

    @Override
    public boolean getKeepAlive() throws SocketException {
        return channel.socket().getKeepAlive();
    }

    @Override
    public void setSendBufferSize(int size) throws SocketException {
        channel.socket().setSendBufferSize(size);
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        try {
            return channel.getOption(StandardSocketOptions.SO_SNDBUF);
        } catch (IOException e) {
            throw closed(e);
        }
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        channel.socket().setReceiveBufferSize(size);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return channel.socket().getReceiveBufferSize();
    }

    @Override
    public void setSoLinger(boolean on, int linger) throws SocketException {
        channel.socket().setSoLinger(on, linger);
    }

    @Override
    public int getSoLinger() throws SocketException {
        return channel.socket().getSoLinger();
    }

    @Override
    public void setTrafficClass(int trafficClass) throws SocketException {
        channel.socket().setTrafficClass(trafficClass);
    }

    @Override
    public int getTrafficClass() throws SocketException {
        return channel.socket().getTrafficClass();
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        channel.socket().setReuseAddress(on);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return channel.socket().getReuseAddress();
    }

    private final class In extends InputStream {
        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            return WakeableSocket.this.read(ByteBuffer.wrap(target, offset, length));
        }

        @Override
        public void close() throws IOException {
            WakeableSocket.this.close();
        }
    }

    private final class Out extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            WakeableSocket.this.write(ByteBuffer.wrap(source, offset, length));
        }

        @Override
        public void close() throws IOException {
            WakeableSocket.this.close();
        }
    }
}
