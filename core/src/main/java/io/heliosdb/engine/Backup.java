package io.heliosdb.engine;

import io.heliosdb.log.LogCheck;
import io.heliosdb.log.LogCopy;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.h2.mvstore.FileStore;
import org.h2.mvstore.MVStore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Copies a database, open or not, and makes one of a copy and a log.
 *
 * <p>A copy has the store's file as a checkpoint has left it, and the log from there on. While it
 * is read the store puts what is new behind its end, so nobody waits for the copy.
 */
final class Backup {
    private static final int COPY_BYTES = 1 << 20;

    /** What the store rewrites in place: its two headers. */
    private static final int HEADER_BYTES = 2 * 4096;

    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private Backup() {}

    /** The store's file as it was at one moment: the headers, and so much behind them. */
    @SuppressWarnings("ArrayRecordComponent") // read once
    record Image(byte[] headers, long size, Lsn applied) {}

    /** Begins to read a store's file; the caller keeps checkpoints away until this returns. */
    static Image begin(MVStore store, Lsn applied) {
        store.setReuseSpace(false);
        var file = store.getFileStore();
        long size = file.size();
        int length = (int) Math.min(HEADER_BYTES, size);
        return new Image(read(file, 0, length), size, applied);
    }

    /** Copies what a begun reading has found; checkpoints may come and go. */
    static void copy(MVStore store, Image image, Path target) throws IOException {
        try (var out = create(target.resolve(DataDirectory.STORE_FILE))) {
            write(out, image.headers);
            var file = store.getFileStore();
            for (long at = image.headers.length; at < image.size; ) {
                int length = (int) Math.min(COPY_BYTES, image.size - at);
                write(out, read(file, at, length));
                at += length;
            }
            out.force(true);
        }
    }

    /** Copies a store that has no log and writes its commits itself. */
    static void withoutLog(MVStore store, Path directory) {
        Path target = target(directory);
        try {
            copy(store, begin(store, Lsn.ZERO), target);
        } catch (IOException e) {
            throw failed(target, e);
        } finally {
            end(store);
        }
    }

    static void end(MVStore store) {
        store.setReuseSpace(true);
    }

    private static byte[] read(FileStore<?> file, long at, int length) {
        ByteBuffer buffer = file.readFully(null, at, length);
        var bytes = new byte[length];
        buffer.get(bytes);
        return bytes;
    }

    /**
     * Takes a directory for a copy.
     *
     * @throws PgException 58P02 where there is something in it, 58030 where it cannot be made
     */
    static Path target(Path directory) {
        Path target = directory.toAbsolutePath().normalize();
        try {
            if (!Files.exists(target)) {
                Files.createDirectories(target, attributes("rwx------"));
            }
            try (var entries = Files.list(target)) {
                if (entries.findAny().isPresent()) {
                    throw new PgException(
                                    new SqlState("58P02"),
                                    "directory \"" + target + "\" exists but is not empty")
                            .withHint("Give a directory that does not exist.");
                }
            }
            return target;
        } catch (IOException e) {
            throw failed(target, e);
        }
    }

    /**
     * Makes a database of a copy, as it was at some moment not before the copy.
     *
     * @param copy a backup
     * @param later a database, or a log, whose records go on where the copy ends; the copy itself
     *     where there is none
     * @param until where to end
     * @param directory for the new database
     * @return up to where its log goes
     */
    static Lsn restore(Path copy, Path later, LogCopy.Until until, Path directory) {
        var covered = EngineLog.covered(copy);
        requireNotBefore(covered, until);
        Path target = target(directory);
        Path store = target.resolve(DataDirectory.STORE_FILE);
        try {
            Files.copy(copy.resolve(DataDirectory.STORE_FILE), store);
            try (var file = FileChannel.open(store, StandardOpenOption.WRITE)) {
                file.force(true);
            }
        } catch (IOException e) {
            throw failed(target, e);
        }
        return LogCopy.copy(later, covered.lsn(), until, target.resolve(LogCheck.DIRECTORY));
    }

    private static void requireNotBefore(EngineLog.Covered covered, LogCopy.Until until) {
        var lsn = until.lsn();
        var time = until.time();
        if ((lsn != null && lsn.compareTo(covered.lsn()) < 0)
                || (time != null && time.isBefore(covered.time()))) {
            throw new PgException(
                            SqlState.INVALID_PARAMETER_VALUE,
                            "the copy begins after the moment that is asked for")
                    .withDetail("It begins at " + covered.lsn() + ", " + covered.time() + ".");
        }
    }

    static PgException failed(Path directory, IOException e) {
        boolean isFull = String.valueOf(e.getMessage()).contains("No space left");
        var error =
                new PgException(
                        isFull ? SqlState.DISK_FULL : SqlState.IO_ERROR,
                        "could not copy to or from \"" + directory + "\": " + e.getMessage());
        return new PgException(error.report(), e);
    }

    private static FileChannel create(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                attributes("rw-------"));
    }

    private static void write(FileChannel out, byte[] bytes) throws IOException {
        var buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
    }

    private static FileAttribute<?>[] attributes(String permissions) {
        if (!POSIX) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        };
    }
}
