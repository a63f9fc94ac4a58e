package io.heliosdb.engine;

import org.h2.store.fs.FileBase;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Has every fsync of a store's file take longer, as on a slower disk: below what keeps the order of
 * its writes, which is why this is in its package. The store instantiates it by reflection.
 */
public final class SlowDisk extends FilePathWrapper {
    private static volatile Duration delay = Duration.ZERO;

    /** For the store only. */
    public SlowDisk() {}

    /**
     * Holds for every file that is opened from now on, and for each fsync.
     *
     * @param changed how much longer an fsync takes
     */
    public static void setDelay(Duration changed) {
        delay = changed;
        OrderedFiles.register();
        UninterruptibleFiles.register();
        FilePath.register(new SlowDisk());
        FilePath.register(new Plain());
    }

    /** Returns after the time that an fsync takes longer. */
    public static void await() {
        long end = System.nanoTime() + delay.toNanos();
        for (long left = delay.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static FileChannel open(FilePath base, String mode, boolean isOrdered)
            throws IOException {
        return new UninterruptibleChannel(() -> new SlowChannel(base.open(mode)), isOrdered);
    }

    /** {@inheritDoc} */
    @Override
    public FileChannel open(String mode) throws IOException {
        return open(getBase(), mode, true);
    }

    /** {@inheritDoc} */
    @Override
    public String getScheme() {
        return OrderedFiles.SCHEME;
    }

    /** The disk of a store that keeps no order of its own, as one without a log. */
    public static final class Plain extends FilePathWrapper {
        /** For the store only. */
        public Plain() {}

        /** {@inheritDoc} */
        @Override
        public FileChannel open(String mode) throws IOException {
            return SlowDisk.open(getBase(), mode, false);
        }

        /** {@inheritDoc} */
        @Override
        public String getScheme() {
            return UninterruptibleFiles.SCHEME;
        }
    }

    /** A file whose fsync takes longer. */
    private static final class SlowChannel extends FileBase {
        private final FileChannel file;

        SlowChannel(FileChannel file) {
            this.file = file;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public long position() throws IOException {
            return file.position();
        }

        @Override
        public FileChannel position(long at) throws IOException {
            file.position(at);
            return this;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            return file.read(target);
        }

        @Override
        public synchronized int read(ByteBuffer target, long at) throws IOException {
            return file.read(target, at);
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            return file.write(source);
        }

        @Override
        public synchronized int write(ByteBuffer source, long at) throws IOException {
            return file.write(source, at);
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            file.truncate(size);
            return this;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            await();
            file.force(metaData);
        }

        @Override
        public FileLock tryLock(long at, long length, boolean isShared) throws IOException {
            return file.tryLock(at, length, isShared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            file.close();
        }
    }
}
