package io.heliosdb.log;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A directory on a disk. Files are read and written through {@link RandomAccessFile}, which an
 * interrupt does not close, and flushed by the channel, which flushes data alone where it can.
 */
public final class DiskFiles implements LogFiles {
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private final Path directory;

    private DiskFiles(Path directory) {
        this.directory = directory;
    }

    /**
     * Takes a directory, and makes it where it does not exist.
     *
     * @param directory for the log alone
     * @return its files
     * @throws IOException where it cannot be made
     */
    public static DiskFiles at(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, attributes("rwx------"));
        }
        return new DiskFiles(directory);
    }

    /**
     * Takes a directory that exists.
     *
     * @param directory of a log
     * @return its files
     * @throws IOException where it does not exist
     */
    public static DiskFiles existing(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new NoSuchFileException(directory.toString());
        }
        return new DiskFiles(directory);
    }

    @Override
    public List<String> list() throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    @Override
    public File open(String name) throws IOException {
        Path path = directory.resolve(name);
        if (!Files.exists(path)) {
            Files.createFile(path, attributes("rw-------"));
        }
        return new DiskFile(path, "rw");
    }

    @Override
    public File openForReading(String name) throws IOException {
        return new DiskFile(directory.resolve(name), "r");
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(
                directory.resolve(from),
                directory.resolve(to),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public void syncDirectory() throws IOException {
        if (POSIX) {
            try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    @Override
    public String toString() {
        return directory.toString();
    }

    private static FileAttribute<?>[] attributes(String permissions) {
        if (!POSIX) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        };
    }

    private static final class DiskFile implements File {
        private final Path path;
        private final RandomAccessFile file;

        /** Opened when it is first needed: each write goes to disk before it returns. */
        private @Nullable RandomAccessFile synced;

        DiskFile(Path path, String mode) throws IOException {
            this.path = path;
            file = new RandomAccessFile(path.toFile(), mode);
        }

        @Override
        public void read(ByteBuffer into, long at) throws IOException {
            file.seek(at);
            while (into.hasRemaining()) {
                int start = into.arrayOffset() + into.position();
                int count = file.read(into.array(), start, into.remaining());
                if (count < 0) {
                    return;
                }
                into.position(into.position() + count);
            }
        }

        @Override
        public void write(ByteBuffer from, long at) throws IOException {
            write(file, from, at);
        }

        /** Not by {@code FileChannel.force}, which an interrupt of the thread closes. */
        @Override
        public void writeSynced(ByteBuffer from, long at) throws IOException {
            var open = synced;
            if (open == null) {
                open = new RandomAccessFile(path.toFile(), "rwd");
                synced = open;
            }
            write(open, from, at);
        }

        private static void write(RandomAccessFile file, ByteBuffer from, long at)
                throws IOException {
            file.seek(at);
            file.write(from.array(), from.arrayOffset() + from.position(), from.remaining());
            from.position(from.limit());
        }

        @Override
        public void sync() throws IOException {
            file.getChannel().force(false);
        }

        @Override
        public long size() throws IOException {
            return file.length();
        }

        @Override
        public void close() throws IOException {
            var open = synced;
            try (file) {
                if (open != null) {
                    open.close();
                }
            }
        }
    }
}
