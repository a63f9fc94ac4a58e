package io.heliosdb.pgwire;

import io.heliosdb.pg.proto.BackendWriter;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a client receives, written by two threads that take turns without a lock around each
 * message.
 *
 * <p>While the backend works, it alone writes. While it waits for the client's next command outside
 * a transaction, the client is idle and who holds the lock writes. So the backend takes the lock
 * twice in a command, uncontended, and only once its session listens; while the other thread writes
 * to a client that does not read, only this client's backend waits.
 */
final class ClientOutput {
    /** How much is gathered before it leaves; less leaves when the client waits for it. */
    private static final int BUFFER_BYTES = 16 * 1024;

    /** Fair: who sends much to an idle client lets the backend in between. */
    private final ReentrantLock lock = new ReentrantLock(true);

    private final Condition idleAgain = lock.newCondition();
    private final WriteWatch.Watched watched;
    private final BackendWriter writer;
    private Transport transport;

    /** Whether there is a second thread; the backend's own. */
    private boolean shared;

    /** The client left its socket full for too long; written by the watch. */
    private volatile boolean gaveUp;

    // Guarded by lock, both.
    private boolean idle;
    private boolean ended;

    ClientOutput(Transport transport, WriteWatch writeWatch) {
        this.transport = transport;
        watched = writeWatch.watch(this::giveUp);
        writer = new BackendWriter(new Stream(), BUFFER_BYTES);
    }

    /** Writes to another transport from now on, such as the same one under TLS. */
    void replace(Transport next) {
        transport = next;
    }

    BackendWriter writer() {
        return writer;
    }

    void flush() throws IOException {
        writer.flush();
    }

    /** A second thread is about to start. */
    void share() {
        shared = true;
    }

    /** The second thread shall end. */
    void unshare() {
        lock.lock();
        try {
            ended = true;
            idleAgain.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more is written. */
    void close() {
        unshare();
        watched.forget();
    }

    /** The backend waits for a command from now on, and the client may be sent notifications. */
    void beginIdle() {
        if (shared) {
            lock.lock();
            try {
                idle = true;
                idleAgain.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** The backend works from now on; waits until the other thread has written what it writes. */
    void endIdle() {
        if (shared) {
            lock.lock();
            try {
                idle = false;
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Waits until the client is idle and keeps it so until {@link #leave}; false where the
     * connection ends instead.
     */
    boolean awaitIdle() throws InterruptedException {
        lock.lockInterruptibly();
        while (!idle && !ended) {
            idleAgain.await();
        }
        if (ended) {
            lock.unlock();
        }
        return !ended;
    }

    void leave() {
        lock.unlock();
    }

    private void giveUp() {
        gaveUp = true;
        transport.close();
    }

    /** Where the writer's bytes go; each write is watched. */
    private final class Stream extends OutputStream {
        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            watched.begin();
            try {
                transport.output().write(bytes, offset, count);
            } catch (IOException e) {
                throw gaveUp ? new IOException("the client did not read in time", e) : e;
            } finally {
                watched.end();
            }
        }
    }
}
