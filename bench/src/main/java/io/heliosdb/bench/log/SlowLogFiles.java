package io.heliosdb.bench.log;

import io.heliosdb.engine.SlowDisk;
import io.heliosdb.log.LogFiles;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** The log's directory on a disk whose fsync takes longer, as that of its store does. */
final class SlowLogFiles implements LogFiles {
    private final LogFiles files;

    SlowLogFiles(LogFiles files) {
        this.files = files;
    }

    @Override
    public List<String> list() throws IOException {
        return files.list();
    }

    @Override
    public File open(String name) throws IOException {
        return new SlowFile(files.open(name));
    }

    @Override
    public File openForReading(String name) throws IOException {
        return files.openForReading(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        files.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        files.delete(name);
    }

    @Override
    public void syncDirectory() throws IOException {
        SlowDisk.await();
        files.syncDirectory();
    }

    @Override
    public String toString() {
        return files.toString();
    }

    private static final class SlowFile implements File {
        private final File file;

        SlowFile(File file) {
            this.file = file;
        }

        @Override
        public void read(ByteBuffer into, long at) throws IOException {
            file.read(into, at);
        }

        @Override
        public void write(ByteBuffer from, long at) throws IOException {
            file.write(from, at);
        }

        @Override
        public void sync() throws IOException {
            SlowDisk.await();
            file.sync();
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
