package io.heliosdb.relay;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The way into the console: a token that counts once, kept in {@code console.token} of the data
 * directory where only its owner reads it, is exchanged for a session of some hours. Thread-safe.
 */
final class ConsoleAccess implements AutoCloseable {
    private static final String FILE = "console.token";
    private static final int KEY_BYTES = 24;
    private static final int SESSIONS_MAX = 64;
    private static final Duration SESSION = Duration.ofHours(12);

    private final SecureRandom random = new SecureRandom();
    private final Optional<Path> file;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private String token = newKey();

    /** By the hash of the key, oldest first. */
    @GuardedBy("lock")
    private final Map<String, Instant> sessions = new LinkedHashMap<>();

    /**
     * Makes the first token, and writes it.
     *
     * @param directory the data directory; empty for one that lives in memory
     * @throws PgException 58030 where the file cannot be written
     */
    ConsoleAccess(Optional<Path> directory) {
        file = directory.map(path -> path.resolve(FILE));
        lock.lock();
        try {
            write();
        } finally {
            lock.unlock();
        }
    }

    /** The token of this moment. */
    String token() {
        lock.lock();
        try {
            return token;
        } finally {
            lock.unlock();
        }
    }

    /** Exchanges the token for a session's key; empty for another token. The next one differs. */
    Optional<String> enter(String presented) {
        lock.lock();
        try {
            if (!MessageDigest.isEqual(bytes(presented), bytes(token))) {
                return Optional.empty();
            }
            token = newKey();
            write();
            if (sessions.size() >= SESSIONS_MAX) {
                sessions.remove(sessions.keySet().iterator().next());
            }
            var key = newKey();
            sessions.put(ApiKeys.sha256(key), Instant.now().plus(SESSION));
            return Optional.of(key);
        } finally {
            lock.unlock();
        }
    }

    /** What a session's key grants; empty for no such session. */
    Optional<Grant> session(String key) {
        lock.lock();
        try {
            if (sessions.isEmpty()) {
                return Optional.empty();
            }
            var expires = sessions.get(ApiKeys.sha256(key));
            return expires == null || Instant.now().isAfter(expires)
                    ? Optional.empty()
                    : Optional.of(Grant.operator(expires));
        } finally {
            lock.unlock();
        }
    }

    private String newKey() {
        var bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @GuardedBy("lock")
    private void write() {
        if (file.isEmpty()) {
            return;
        }
        var next = file.get().resolveSibling(FILE + ".new");
        try {
            Files.deleteIfExists(next);
            var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try (var channel = Files.newByteChannel(next, options, ownerOnly(next));
                    var out = Channels.newOutputStream(channel)) {
                out.write(bytes(token + "\n"));
            }
            Files.move(next, file.get(), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            var error =
                    new PgException(
                            SqlState.IO_ERROR,
                            "could not write file \"%s\": %s".formatted(file.get(), e));
            error.initCause(e);
            throw error;
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[] {};
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Removes the file. */
    @Override
    public void close() {
        try {
            if (file.isPresent()) {
                Files.deleteIfExists(file.get());
            }
        } catch (IOException e) {
            System.getLogger(ConsoleAccess.class.getName())
                    .log(System.Logger.Level.WARNING, "could not remove " + file.get(), e);
        }
    }
}
