package io.heliosdb.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One direction of a connection in memory: a bounded ring of bytes with one reader and one writer
 * at a time. A full pipe makes the writer wait, as a full socket does. An interrupt is kept for the
 * caller and ends neither a read nor a write.
 */
final class BytePipe {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final byte[] ring;
    private final InputStream input = new Input();
    private final OutputStream output = new Output();
    // Guarded by lock, all six.
    private int first;
    private int size;
    private boolean writerClosed;
    private boolean readerEnded;
    private boolean readerClosed;
    private int timeoutMillis;

    BytePipe(int capacity) {
        ring = new byte[capacity];
    }

    InputStream input() {
        return input;
    }

    OutputStream output() {
        return output;
    }

    void readTimeout(int millis) {
        lock.lock();
        try {
            timeoutMillis = millis;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more is written: the reader gets what is left, then the end. */
    void closeWriter() {
        lock.lock();
        try {
            writerClosed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more is read: the reader gets the end at once, and what is written is dropped. */
    void endReader() {
        lock.lock();
        try {
            readerEnded = true;
            size = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nobody is there to read: the reader gets the end at once, the writer an error. */
    void closeReader() {
        lock.lock();
        try {
            readerEnded = true;
            readerClosed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private int read(byte[] bytes, int offset, int count) throws IOException {
        lock.lock();
        try {
            if (!awaitBytes()) {
                return -1;
            }
            int taken = Math.min(count, size);
            int contiguous = Math.min(taken, ring.length - first);
            System.arraycopy(ring, first, bytes, offset, contiguous);
            System.arraycopy(ring, 0, bytes, offset + contiguous, taken - contiguous);
            first = (first + taken) % ring.length;
            size -= taken;
            changed.signalAll();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is something to read; false at the end. */
    private boolean awaitBytes() throws SocketTimeoutException {
        boolean limited = timeoutMillis > 0;
        long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        boolean interrupted = false;
        try {
            while (size == 0 && !writerClosed && !readerEnded) {
                if (limited && left <= 0) {
                    throw new SocketTimeoutException("Read timed out");
                }
                long since = System.nanoTime();
                try {
                    if (limited) {
                        left = changed.awaitNanos(left);
                    } else {
                        changed.await();
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                    left -= System.nanoTime() - since;
                }
            }
            return !readerEnded && size > 0;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void write(byte[] bytes, int offset, int count) throws IOException {
        lock.lock();
        try {
            for (int done = 0; done < count; ) {
                awaitRoom();
                if (readerEnded) {
                    return;
                }
                int given = Math.min(count - done, ring.length - size);
                int last = (first + size) % ring.length;
                int contiguous = Math.min(given, ring.length - last);
                System.arraycopy(bytes, offset + done, ring, last, contiguous);
                System.arraycopy(bytes, offset + done + contiguous, ring, 0, given - contiguous);
                size += given;
                done += given;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void awaitRoom() throws IOException {
        while (size == ring.length && !readerEnded && !writerClosed) {
            changed.awaitUninterruptibly();
        }
        if (readerClosed || writerClosed) {
            throw new IOException("Broken pipe");
        }
    }

    private int available() {
        lock.lock();
        try {
            return readerEnded ? 0 : size;
        } finally {
            lock.unlock();
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
            return count == 0 ? 0 : BytePipe.this.read(bytes, offset, count);
        }

        @Override
        public int available() {
            return BytePipe.this.available();
        }
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            Objects.checkFromIndexSize(offset, count, bytes.length);
            BytePipe.this.write(bytes, offset, count);
        }
    }
}
