package io.heliosdb.pgwire;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A connection over a socket channel, such as a Unix-domain one, which no {@link java.net.Socket}
 * can carry. The channel never blocks, so that an interrupt cannot close it and a read can be given
 * a time limit; waiting is done by one selector for each direction.
 */
public final class ChannelTransport implements Transport {
    private final SocketChannel channel;
    private final Selector readable;
    private final Selector writable;
    private final String peer;
    private final InputStream input = new Input();
    private final OutputStream output = new Output();
    private volatile int timeoutMillis;
    private volatile boolean inputEnded;

    /**
     * Takes over a connected channel.
     *
     * @param channel the channel; closed with this transport
     * @param peer where the other side is
     * @throws IOException where the channel is closed; it is closed then in any case
     */
    public ChannelTransport(SocketChannel channel, String peer) throws IOException {
        this.channel = channel;
        this.peer = peer;
        Selector forReading = null;
        Selector forWriting = null;
        try {
            channel.configureBlocking(false);
            forReading = Selector.open();
            forWriting = Selector.open();
            channel.register(forReading, SelectionKey.OP_READ);
            channel.register(forWriting, SelectionKey.OP_WRITE);
        } catch (IOException e) {
            closeQuietly(forReading);
            closeQuietly(forWriting);
            closeQuietly(channel);
            throw e;
        }
        readable = forReading;
        writable = forWriting;
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public void readTimeout(int millis) {
        timeoutMillis = millis;
    }

    @Override
    public void endInput() {
        inputEnded = true;
        readable.wakeup();
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public void close() {
        closeQuietly(channel);
        closeQuietly(readable);
        closeQuietly(writable);
    }

    private static void closeQuietly(@Nullable Closeable opened) {
        try {
            if (opened != null) {
                opened.close();
            }
        } catch (IOException e) {
            // What could be released is released, and there is nobody left to tell.
            assert opened != null;
        }
    }

    /** Waits until a selector wakes; an interrupt is kept for the caller and ends nothing. */
    private static void await(Selector selector, long millis) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            selector.select(millis);
            selector.selectedKeys().clear();
            interrupted |= Thread.interrupted();
        } catch (ClosedSelectorException e) {
            throw new IOException("the transport is closed", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final class Input extends InputStream {
        private final byte[] one = new byte[1];

        @Override
        public int read() throws IOException {
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            Objects.checkFromIndexSize(offset, count, bytes.length);
            var buffer = ByteBuffer.wrap(bytes, offset, count);
            long deadline = timeoutMillis == 0 ? 0 : System.nanoTime() + millisToNanos();
            while (!inputEnded) {
                int got = channel.read(buffer);
                if (got != 0 || count == 0) {
                    return got;
                }
                await(readable, deadline == 0 ? 0 : millisUntil(deadline));
            }
            return -1;
        }

        private long millisToNanos() {
            return TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        }

        private long millisUntil(long deadline) throws SocketTimeoutException {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new SocketTimeoutException("Read timed out");
            }
            return TimeUnit.NANOSECONDS.toMillis(left) + 1;
        }

        @Override
        public void close() {
            ChannelTransport.this.close();
        }
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            var buffer = ByteBuffer.wrap(bytes, offset, count);
            while (buffer.hasRemaining()) {
                if (channel.write(buffer) == 0) {
                    await(writable, 0);
                }
            }
        }

        @Override
        public void close() {
            ChannelTransport.this.close();
        }
    }
}
