package io.heliosdb.engine;

import org.h2.store.fs.FileBase;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;

/**
 * Stands in for {@link OrderedFiles}: keeps the same order, and has what reaches the disk written
 * down while somebody wants that. The store instantiates it by reflection.
 */
public final class RecordedFiles extends FilePathWrapper {
    private static volatile @Nullable LostWrites recorder;

    /** For the store only. */
    public RecordedFiles() {}

    static void record(@Nullable LostWrites wanted) {
        OrderedFiles.register();
        recorder = wanted;
        FilePath.register(wanted == null ? new OrderedFiles() : new RecordedFiles());
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        var wanted = recorder;
        FilePath base = getBase();
        return new UninterruptibleChannel(
                () -> {
                    var opened = base.open(mode);
                    return wanted == null ? opened : new Recorded(opened, wanted);
                },
                true);
    }

    @Override
    public String getScheme() {
        return OrderedFiles.SCHEME;
    }

    private static final class Recorded extends FileBase {
        private final FileChannel file;
        private final LostWrites recorder;

        Recorded(FileChannel file, LostWrites recorder) {
            this.file = file;
            this.recorder = recorder;
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
        public int read(ByteBuffer target) throws IOException {
            return file.read(target);
        }

        @Override
        public synchronized int read(ByteBuffer target, long at) throws IOException {
            return file.read(target, at);
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            throw new IOException("not with a position");
        }

        @Override
        public synchronized int write(ByteBuffer source, long at) throws IOException {
            recorder.write(LostWrites.STORE, at, source);
            return file.write(source, at);
        }

        @Override
        public FileChannel position(long at) throws IOException {
            file.position(at);
            return this;
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            recorder.truncate(LostWrites.STORE, size);
            file.truncate(size);
            return this;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            file.force(metaData);
            recorder.sync(LostWrites.STORE);
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
