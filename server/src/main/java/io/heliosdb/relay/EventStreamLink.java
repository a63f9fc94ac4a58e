package io.heliosdb.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A peer over server-sent events: what is sent goes one way. A comment now and then finds out
 * whether the client is still there.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML: server-sent
 *     events</a>
 */
final class EventStreamLink implements Link {
    private static final byte[] DATA = "data: ".getBytes(UTF_8);
    private static final byte[] END = "\n\n".getBytes(UTF_8);
    private static final byte[] COMMENT = ":\n\n".getBytes(UTF_8);
    private static final byte[] BEGIN = "retry: 1000\n\n".getBytes(UTF_8);

    private final Response response;
    private final Callback request;
    private final Duration writeTimeout;
    private final Runnable alive;
    private final Runnable left;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    /** Held while something is written; a response takes one write at a time. */
    private final ReentrantLock writing = new ReentrantLock();

    /**
     * An answer that goes on.
     *
     * @param response has its status and headers
     * @param request completed when the stream ends
     * @param writeTimeout the longest the client may leave something unread
     * @param alive called when the client has taken a comment
     * @param left called once, when the stream is over
     */
    EventStreamLink(
            Response response,
            Callback request,
            Duration writeTimeout,
            Runnable alive,
            Runnable left) {
        this.response = response;
        this.request = request;
        this.writeTimeout = writeTimeout;
        this.alive = alive;
        this.left = left;
    }

    /** Sends the headers and how soon to come back. */
    void begin() throws IOException {
        write(BEGIN);
    }

    @Override
    public void send(List<Outgoing> messages) throws IOException {
        var out = new ByteArrayOutputStream(256 * messages.size());
        for (var message : messages) {
            if (message.token() != null) {
                out.writeBytes(("id: " + message.token() + "\n").getBytes(UTF_8));
            }
            out.writeBytes(DATA);
            out.writeBytes(message.head());
            out.writeBytes(message.tail());
            out.writeBytes(END);
        }
        write(out.toByteArray());
    }

    private void write(byte[] bytes) throws IOException {
        writing.lock();
        try {
            if (isClosed.get()) {
                throw new IOException("the stream is closed");
            }
            writeOne(bytes);
        } finally {
            writing.unlock();
        }
    }

    @GuardedBy("writing")
    private void writeOne(byte[] bytes) throws IOException {
        var written = new Written();
        response.write(false, ByteBuffer.wrap(bytes), written);
        try {
            if (!written.await(writeTimeout)) {
                throw new IOException("the client does not read");
            }
        } catch (IOException e) {
            fail(e);
            throw e;
        }
    }

    /** Writes a comment, on a thread of its own; where a write is under way, that tells as much. */
    @Override
    public void ping() {
        Thread.ofVirtual().name("heliosdb-ping").start(this::comment);
    }

    private void comment() {
        if (!writing.tryLock()) {
            return;
        }
        try {
            if (!isClosed.get()) {
                writeOne(COMMENT);
                alive.run();
            }
        } catch (IOException e) {
            fail(e);
        } finally {
            writing.unlock();
        }
    }

    /** The connection broke. */
    void fail(Throwable cause) {
        if (isClosed.compareAndSet(false, true)) {
            request.failed(cause);
            left.run();
        }
    }

    /** Ends the stream with an event that says why. */
    @Override
    public void close(int code, String reason) {
        Thread.ofVirtual().name("heliosdb-farewell").start(() -> farewell(code, reason));
    }

    private void farewell(int code, String reason) {
        var last =
                JsonText.bytes(json -> {
                    json.writeStringField("type", "closed");
                    json.writeNumberField("status", code);
                    json.writeStringField("message", reason);
                });
        var out = new ByteArrayOutputStream();
        out.writeBytes(DATA);
        out.writeBytes(last);
        out.writeBytes(END);
        writing.lock();
        try {
            if (isClosed.compareAndSet(false, true)) {
                response.write(true, ByteBuffer.wrap(out.toByteArray()), request);
                left.run();
            }
        } finally {
            writing.unlock();
        }
    }
}
