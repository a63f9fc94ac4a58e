package io.heliosdb.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * A peer over WebSocket. A frame is asked for when the last one has been dealt with, so a client
 * that talks and does not listen is held up by its own answers. Each message is handled on a
 * virtual thread.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6455">RFC 6455: The WebSocket Protocol</a>
 */
final class WebSocketLink implements FrameHandler, Link {
    private static final System.Logger LOG = System.getLogger(WebSocketLink.class.getName());
    private static final Duration FAREWELL = Duration.ofSeconds(5);
    private static final int REASON_BYTES_MAX = 120;

    private final int messageBytesMax;
    private final Duration writeTimeout;
    private final Function<WebSocketLink, Peer> opened;
    private final Runnable left;
    private final AtomicBoolean isClosing = new AtomicBoolean();
    private final AtomicBoolean isGone = new AtomicBoolean();

    /** A frame has been asked for and has not come. */
    private final AtomicBoolean isReading = new AtomicBoolean();

    /** The message so far; confined to the one frame that is dealt with. */
    private final ByteArrayOutputStream message = new ByteArrayOutputStream(0);

    /** Set once, before anything else happens. */
    private volatile @Nullable CoreSession session;

    /** Set with the session. */
    private volatile @Nullable Peer peer;

    /**
     * A link that is about to open.
     *
     * @param messageBytesMax the longest message of the client
     * @param writeTimeout the longest it may leave something unread
     * @param opened makes the peer
     * @param left called once, when the connection is over
     */
    WebSocketLink(
            int messageBytesMax,
            Duration writeTimeout,
            Function<WebSocketLink, Peer> opened,
            Runnable left) {
        this.messageBytesMax = messageBytesMax;
        this.writeTimeout = writeTimeout;
        this.opened = opened;
        this.left = left;
    }

    @Override
    public void onOpen(CoreSession opening, Callback callback) {
        opening.setIdleTimeout(Duration.ZERO);
        opening.setMaxFrameSize(messageBytesMax);
        session = opening;
        peer = opened.apply(this);
        callback.succeeded();
        read();
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
        isReading.set(false);
        if (isClosing.get() && frame.getOpCode() != OpCode.CLOSE) {
            callback.succeeded();
            return;
        }
        require(peer).heard();
        switch (frame.getOpCode()) {
            case OpCode.TEXT, OpCode.CONTINUATION -> onText(frame, callback);
            case OpCode.BINARY -> {
                callback.succeeded();
                close(CloseStatus.BAD_DATA, "messages are text");
            }
            case OpCode.PING -> {
                var pong = new Frame(OpCode.PONG, ByteBuffer.wrap(copy(frame)));
                require(session).sendFrame(pong, Callback.from(callback, this::demand), false);
            }
            case OpCode.CLOSE -> callback.succeeded();
            default -> {
                callback.succeeded();
                demand();
            }
        }
    }

    private void onText(Frame frame, Callback callback) {
        var payload = copy(frame);
        if (message.size() + payload.length > messageBytesMax) {
            callback.succeeded();
            close(TOO_LARGE, "a message is longer than " + messageBytesMax + " bytes");
            return;
        }
        message.writeBytes(payload);
        if (!frame.isFin()) {
            callback.succeeded();
            demand();
            return;
        }
        var bytes = message.toByteArray();
        message.reset();
        Thread.ofVirtual()
                .name("heliosdb-peer")
                .start(() -> {
                    callback.succeeded();
                    handle(bytes);
                });
    }

    private void handle(byte[] bytes) {
        try {
            require(peer).onMessage(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
            demand();
        } catch (CharacterCodingException e) {
            close(CloseStatus.BAD_PAYLOAD, "a message is not UTF-8");
        } catch (IOException e) {
            abort("gone");
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "a message of a peer could not be handled", e);
            close(SERVER_ERROR, "internal error");
        }
    }

    private void demand() {
        if (!isClosing.get()) {
            read();
        }
    }

    /** Asks for the next frame; to ask twice for one is an error to the connection. */
    private void read() {
        if (isReading.compareAndSet(false, true)) {
            require(session).demand();
        }
    }

    private static byte[] copy(Frame frame) {
        var bytes = new byte[frame.getPayloadLength()];
        frame.getPayload().slice().get(bytes);
        return bytes;
    }

    @Override
    public void send(List<Outgoing> messages) throws IOException {
        var current = require(session);
        var written = new Written();
        int last = messages.size() - 1;
        for (int i = 0; i <= last; i++) {
            var frame = new Frame(OpCode.TEXT, ByteBuffer.wrap(messages.get(i).bytes()));
            var callback = i == last ? written : Callback.from(() -> {}, written::failed);
            current.sendFrame(frame, callback, i < last);
        }
        if (!written.await(writeTimeout)) {
            abort("does not read");
            throw new IOException("the client does not read");
        }
    }

    @Override
    public void ping() {
        require(session).sendFrame(new Frame(OpCode.PING), Callback.NOOP, false);
    }

    @Override
    public void close(int code, String reason) {
        if (isClosing.compareAndSet(false, true)) {
            LOG.log(Level.DEBUG, "peer {0} is closed: {1} {2}", name(), code, reason);
            var current = require(session);
            current.setIdleTimeout(FAREWELL);
            current.close(code, shorten(reason), Callback.NOOP);
            read();
        }
    }

    private static String shorten(String reason) {
        return reason.getBytes(UTF_8).length <= REASON_BYTES_MAX
                ? reason
                : reason.substring(0, REASON_BYTES_MAX / 4);
    }

    /** Ends the connection without a word to a client that would not hear it. */
    private void abort(String why) {
        isClosing.set(true);
        LOG.log(Level.DEBUG, "peer {0} is cut off: {1}", name(), why);
        require(session).abort();
    }

    private String name() {
        var current = peer;
        return current == null ? "?" : current.name();
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
        LOG.log(Level.DEBUG, () -> "peer " + name() + " failed: " + cause);
        callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
        isClosing.set(true);
        callback.succeeded();
        if (isGone.compareAndSet(false, true)) {
            left.run();
            var current = peer;
            if (current != null) {
                Thread.ofVirtual().name("heliosdb-peer").start(current::close);
            }
        }
    }

    private static <T> T require(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("the link is not open");
        }
        return value;
    }
}
