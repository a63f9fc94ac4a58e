package io.heliosdb.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The directory that holds a database, owned by one engine of one process at a time: the lock file
 * is locked for as long as it is open and says who the owner is. Directory and files are for the
 * owner's user alone.
 *
 * <p>The system's lock belongs to the process, which loses it when it closes the file anywhere, be
 * it only after reading. So a process keeps a list of the directories that it owns, and asks that
 * first.
 */
final class DataDirectory implements AutoCloseable {
    private static final String STORE = "heliosdb";
    static final String STORE_FILE = STORE + ".mv.db";
    private static final String LOCK_FILE = "heliosdb.lock";
    private static final int LOCK_FILE_BYTES_MAX = 16 * 1024;

    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    /** Held while a lock file is opened, read or closed, none of which takes long. */
    private static final ReentrantLock FILES = new ReentrantLock();

    /** What the lock files of the directories that this process owns say. */
    @GuardedBy("FILES")
    private static final Map<Object, String> OWN = new HashMap<>();

    private final Path path;
    private final Object key;
    private final FileChannel lockFile;

    private DataDirectory(Path path, Object key, FileChannel lockFile) {
        this.path = path;
        this.key = key;
        this.lockFile = lockFile;
    }

    /**
     * Takes possession of a directory, creating it where it does not exist.
     *
     * @throws PgException 55006 where another engine holds it; 42501 or 58030 where it cannot be
     *     created or written
     */
    static DataDirectory open(EngineOptions options, Path directory) {
        Path path = directory.toAbsolutePath().normalize();
        FILES.lock();
        try {
            create(path);
            Object key = key(path);
            if (OWN.containsKey(key)) {
                throw inUse(path);
            }
            String words = words(options);
            var opened = new DataDirectory(path.toRealPath(), key, locked(path, words));
            OWN.put(key, words);
            return opened;
        } catch (IOException e) {
            throw ioError(path, e);
        } finally {
            FILES.unlock();
        }
    }

    /** What stays the same whatever the path is that leads to a directory. */
    private static Object key(Path path) throws IOException {
        Object file = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return file == null ? path.toRealPath() : file;
    }

    private static FileChannel locked(Path path, String words) throws IOException {
        FileChannel channel = openLockFile(path);
        try {
            takeLock(path, channel);
            write(channel, words);
            createStoreFile(path);
            return channel;
        } catch (IOException | RuntimeException | Error e) {
            closeQuietly(channel);
            throw e;
        }
    }

    /**
     * What the lock file of a directory says of its owner, also where that is this process.
     *
     * @param directory a data directory
     * @return its keys and values; empty where there is no owner's file
     */
    static Map<String, String> owner(Path directory) {
        var owner = new LinkedHashMap<String, String>();
        FILES.lock();
        try {
            String words = OWN.get(key(directory));
            Path file = directory.resolve(LOCK_FILE);
            if (words == null) {
                if (!Files.isRegularFile(file) || Files.size(file) > LOCK_FILE_BYTES_MAX) {
                    return owner;
                }
                words = Files.readString(file);
            }
            for (String line : words.lines().toList()) {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    owner.put(line.substring(0, equals), line.substring(equals + 1));
                }
            }
        } catch (IOException e) {
            owner.clear();
        } finally {
            FILES.unlock();
        }
        return owner;
    }

    /** The name under which the store opens its file. */
    String storeName() {
        return path.resolve(STORE).toString();
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        FILES.lock();
        try {
            forgetOwner();
            closeQuietly(lockFile);
            OWN.remove(key);
        } finally {
            FILES.unlock();
        }
    }

    private void forgetOwner() {
        try {
            lockFile.truncate(0);
        } catch (IOException e) {
            // The lock, not what the file says, is what keeps others out; closing frees it.
        }
    }

    private static void create(Path path) throws IOException {
        if (Files.exists(path)) {
            if (!Files.isDirectory(path)) {
                throw new PgException(
                        SqlState.IO_ERROR, "data directory \"" + path + "\" is not a directory");
            }
            if (!Files.isWritable(path)) {
                throw new AccessDeniedException(path.toString());
            }
            return;
        }
        Files.createDirectories(path, attributes("rwx------"));
    }

    private static FileChannel openLockFile(Path path) throws IOException {
        var options =
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        return FileChannel.open(path.resolve(LOCK_FILE), options, attributes("rw-------"));
    }

    private static void takeLock(Path path, FileChannel channel) throws IOException {
        @Nullable FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw inUse(path);
        }
    }

    private static PgException inUse(Path path) {
        var owner = owner(path);
        String pid = owner.getOrDefault("pid", "");
        var error =
                new PgException(
                        SqlState.OBJECT_IN_USE,
                        "data directory \""
                                + path
                                + "\" is in use by "
                                + (pid.isEmpty() ? "another process" : "process " + pid));
        String url = owner.getOrDefault("url", "");
        return url.isEmpty() ? error : error.withHint("Connect to " + url + " instead.");
    }

    private static String words(EngineOptions options) {
        var text = new StringBuilder();
        text.append("pid=").append(ProcessHandle.current().pid()).append('\n');
        text.append("url=").append(oneLine(options.url())).append('\n');
        text.append("socket=").append(oneLine(options.socket())).append('\n');
        return text.toString();
    }

    private static void write(FileChannel channel, String words) throws IOException {
        channel.truncate(0);
        var bytes = ByteBuffer.wrap(words.getBytes(StandardCharsets.UTF_8));
        for (long at = 0; bytes.hasRemaining(); ) {
            at += channel.write(bytes, at);
        }
    }

    /** Tells others what has become known of the owner since. */
    void publish(EngineOptions options) {
        String words = words(options);
        FILES.lock();
        try {
            write(lockFile, words);
            OWN.replace(key, words);
        } catch (IOException e) {
            throw ioError(path, e);
        } finally {
            FILES.unlock();
        }
    }

    /** The store would create its file readable for all. */
    private static void createStoreFile(Path path) throws IOException {
        Path file = path.resolve(STORE_FILE);
        if (!Files.exists(file)) {
            Files.createFile(file, attributes("rw-------"));
        } else if (!Files.isWritable(file)) {
            throw new AccessDeniedException(file.toString());
        }
    }

    private static PgException ioError(Path path, IOException e) {
        boolean denied = e instanceof AccessDeniedException;
        var state = denied ? SqlState.INSUFFICIENT_PRIVILEGE : SqlState.IO_ERROR;
        var error =
                new PgException(
                                state,
                                "could not open data directory \"" + path + "\": " + reason(e))
                        .withHint(
                                "Give a directory that this user may create, read and write, on a"
                                        + " disk that can be written.");
        return new PgException(error.report(), e);
    }

    /** What went wrong, in words: Java names the file alone where the system gave no reason. */
    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "Permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "Not a directory";
        }
        if (e instanceof FileSystemException file) {
            return Objects.requireNonNullElse(
                    file.getReason(), "The file system refuses " + file.getFile());
        }
        return String.valueOf(e.getMessage());
    }

    private static FileAttribute<?>[] attributes(String permissions) {
        if (!POSIX) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        };
    }

    private static String oneLine(String text) {
        return text.replace('\n', ' ').replace('\r', ' ');
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing was written that matters; the process's end frees the lock at the latest.
        }
    }
}
