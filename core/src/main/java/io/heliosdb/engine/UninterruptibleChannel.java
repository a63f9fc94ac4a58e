package io.heliosdb.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A file that opens itself again when the interrupt of a thread has closed it, and does again what
 * the thread was about to do; the thread finds its interrupt afterwards. Only operations with a
 * position are offered, so doing one twice does no harm.
 */
final class UninterruptibleChannel extends FileChannel {
    /** More interrupts than that in one operation are not believed. */
    private static final int ATTEMPTS_MAX = 1_000;

    /** The store's two headers, which carry a checksum each. */
    private static final int HEADER_BYTES = 2 * 4096;

    private static final int BLOCK_BYTES = 4096;

    /** The length of what ends a chunk, and says that it is one. */
    private static final int FOOTER_BYTES = 128;

    /**
     * A chunk is flushed in stretches of this length: the log is on the same disk as a rule, and
     * its next flush waits for what lies before it there.
     */
    private static final int STRETCH_BYTES = 256 << 10;

    /** Opens the file, again too. */
    interface Opening {
        FileChannel open() throws IOException;
    }

    private final Opening opening;
    private final boolean keepsOrder;
    private final ReentrantLock lock = new ReentrantLock();

    /** Replaced under {@link #lock} only. */
    private volatile FileChannel channel;

    @GuardedBy("lock")
    private long position;

    @GuardedBy("lock")
    private boolean closed;

    @GuardedBy("lock")
    private @Nullable FileLock fileLock;

    private interface Operation<T> {
        T on(FileChannel channel) throws IOException;
    }

    UninterruptibleChannel(Opening opening, boolean keepsOrder) throws IOException {
        this.opening = opening;
        this.keepsOrder = keepsOrder;
        channel = opening.open();
    }

    @Override
    public int read(ByteBuffer target, long from) throws IOException {
        int start = target.position();
        return perform(open -> {
            target.position(start);
            return open.read(target, from);
        });
    }

    /**
     * Writes; where order is kept, what ends a chunk of the store only once the rest is on disk.
     * The store believes a chunk whose first and last bytes are there, so one that was written in
     * part must not have its last.
     */
    @Override
    public int write(ByteBuffer source, long to) throws IOException {
        int length = source.remaining();
        if (!keepsOrder || to < HEADER_BYTES || length < BLOCK_BYTES) {
            return writePart(source, to);
        }
        // The store reads from the same buffer meanwhile: its bounds stay as they are.
        var rest = source.duplicate();
        int end = rest.limit();
        long at = to;
        while (rest.position() < end - FOOTER_BYTES) {
            rest.limit(Math.min(end - FOOTER_BYTES, rest.position() + STRETCH_BYTES));
            while (rest.hasRemaining()) {
                at += writePart(rest, at);
            }
            force(false);
        }
        rest.limit(end);
        while (rest.hasRemaining()) {
            at += writePart(rest, at);
        }
        source.position(end);
        return length;
    }

    private int writePart(ByteBuffer source, long to) throws IOException {
        int start = source.position();
        return perform(open -> {
            source.position(start);
            return open.write(source, to);
        });
    }

    @Override
    public long size() throws IOException {
        return perform(FileChannel::size);
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        perform(open -> open.truncate(size));
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        perform(open -> {
            open.force(metaData);
            return true;
        });
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        lock.lock();
        try {
            int count = read(target, position);
            position += Math.max(count, 0);
            return count;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        lock.lock();
        try {
            int count = write(source, position);
            position += count;
            return count;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long position() {
        lock.lock();
        try {
            return position;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public FileChannel position(long newPosition) {
        lock.lock();
        try {
            position = newPosition;
            return this;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable FileLock tryLock(long from, long size, boolean shared) throws IOException {
        lock.lock();
        try {
            FileLock base = channel.tryLock(from, size, shared);
            if (base == null) {
                return null;
            }
            fileLock = base;
            return new HeldLock(base);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public FileLock lock(long from, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mapMode, long from, long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long to, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected void implCloseChannel() throws IOException {
        lock.lock();
        try {
            closed = true;
            channel.close();
        } finally {
            lock.unlock();
        }
    }

    private <T> T perform(Operation<T> operation) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            for (int attempt = 1; ; attempt++) {
                FileChannel current = channel;
                try {
                    return operation.on(current);
                } catch (ClosedChannelException e) {
                    interrupted |= Thread.interrupted();
                    reopen(current, e, attempt);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void reopen(FileChannel broken, ClosedChannelException cause, int attempt)
            throws IOException {
        lock.lock();
        try {
            if (closed || attempt == ATTEMPTS_MAX) {
                throw cause;
            }
            if (channel.equals(broken)) {
                FileChannel fresh = opening.open();
                if (fileLock != null) {
                    fileLock = lockAgain(fresh, fileLock);
                }
                channel = fresh;
            }
        } finally {
            lock.unlock();
        }
    }

    private static FileLock lockAgain(FileChannel fresh, FileLock lost) throws IOException {
        FileLock again = fresh.tryLock(lost.position(), lost.size(), lost.isShared());
        if (again == null) {
            throw new IOException("another process took the file while it was opened again");
        }
        return again;
    }

    /** Stands for the lock on whatever channel is open now. */
    private final class HeldLock extends FileLock {
        HeldLock(FileLock base) {
            super(UninterruptibleChannel.this, base.position(), base.size(), base.isShared());
        }

        @Override
        public boolean isValid() {
            return isOpen();
        }

        @Override
        public void release() throws IOException {
            lock.lock();
            try {
                if (fileLock != null && fileLock.isValid()) {
                    fileLock.release();
                }
                fileLock = null;
            } finally {
                lock.unlock();
            }
        }
    }
}
