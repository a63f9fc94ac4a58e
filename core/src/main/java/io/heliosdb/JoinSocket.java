package io.heliosdb;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where an owner lets other processes join: a socket in the data directory, or, where that path is
 * longer than the system takes, in a private directory for temporary files.
 */
final class JoinSocket {
    private static final String NAME = "heliosdb.sock";

    /**
     * Systems take some 104 bytes, and the socket is made under a longer name before it is moved.
     */
    private static final int PATH_BYTES_MAX = 80;

    private JoinSocket() {}

    /** The socket of a data directory. */
    static Path choose(Path directory) {
        var path = directory.toAbsolutePath().normalize().resolve(NAME);
        if (Identifier.utf8Length(path.toString()) <= PATH_BYTES_MAX) {
            return path;
        }
        try {
            return Files.createTempDirectory("heliosdb-").resolve(NAME);
        } catch (IOException e) {
            var error =
                    new PgException(
                            SqlState.IO_ERROR,
                            "could not create a directory for a socket: " + e.getMessage());
            error.initCause(e);
            throw error;
        }
    }

    /** Removes what {@link #choose} made; the socket itself is gone by then. */
    static void discard(Path socket, Path directory) {
        var folder = socket.getParent();
        if (folder == null || folder.equals(directory.toAbsolutePath().normalize())) {
            return;
        }
        try {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // An empty private directory for temporary files is left to the system.
            assert Files.exists(folder);
        }
    }
}
