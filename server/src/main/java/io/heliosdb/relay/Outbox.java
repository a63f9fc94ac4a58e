package io.heliosdb.relay;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What peers send each other through memory, on its way to one of them: bounded by messages and
 * bytes; who lets it fill up is disconnected. A thread exists only while there is something to
 * send. Thread-safe.
 */
final class Outbox {
    private static final int MESSAGES_MAX = 1024;
    private static final int BYTES_MAX = 4 << 20;
    private static final int BATCH_MAX = 64;

    private final Link link;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final ArrayDeque<Outgoing> waiting = new ArrayDeque<>();

    @GuardedBy("lock")
    private int bytes;

    @GuardedBy("lock")
    private boolean isSending;

    @GuardedBy("lock")
    private boolean isClosed;

    Outbox(Link link) {
        this.link = link;
    }

    /** Queues a message; never blocks. */
    void offer(Outgoing message) {
        boolean isFull;
        lock.lock();
        try {
            if (isClosed) {
                return;
            }
            isFull = waiting.size() >= MESSAGES_MAX || bytes + message.length() > BYTES_MAX;
            if (isFull) {
                isClosed = true;
                waiting.clear();
            } else {
                waiting.add(message);
                bytes += message.length();
                if (!isSending) {
                    isSending = true;
                    Thread.ofVirtual().name("heliosdb-outbox").start(this::sendAll);
                }
            }
        } finally {
            lock.unlock();
        }
        if (isFull) {
            Thread.ofVirtual().start(() -> link.close(Link.TRY_AGAIN_LATER, "too slow"));
        }
    }

    void close() {
        lock.lock();
        try {
            isClosed = true;
            waiting.clear();
        } finally {
            lock.unlock();
        }
    }

    private void sendAll() {
        try {
            for (var batch = next(); !batch.isEmpty(); batch = next()) {
                link.send(batch);
            }
        } catch (IOException e) {
            close(); // the link has closed itself
        }
    }

    private List<Outgoing> next() {
        var batch = new ArrayList<Outgoing>();
        lock.lock();
        try {
            while (batch.size() < BATCH_MAX && !waiting.isEmpty()) {
                var message = waiting.removeFirst();
                bytes -= message.length();
                batch.add(message);
            }
            isSending = !batch.isEmpty();
            return batch;
        } finally {
            lock.unlock();
        }
    }
}
