package io.heliosdb.engine;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.h2.mvstore.MVStore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether the disk has room for an image of the store. A store whose writes fail ends, and with it
 * the database; so where there is no room nothing is written, and the log has what the file has not
 * yet. Another program may take the room between the look and the write.
 */
final class DiskRoom {
    private static final String REFUSAL =
            "could not write the database: there is no room for it on the disk";

    private final Path directory;
    private final MVStore store;

    /** What the log may take of the room meanwhile. */
    private final long reserve;

    DiskRoom(Path directory, MVStore store, long reserve) {
        this.directory = directory;
        this.store = store;
        this.reserve = reserve;
    }

    /** Whether what is not in the file yet would fit behind its end. */
    boolean isEnough() {
        try {
            long room = Files.getFileStore(directory).getUsableSpace();
            return room >= store.getUnsavedMemory() + reserve;
        } catch (IOException e) {
            return true; // Nothing is known: the write will tell.
        }
    }

    /** Whether nothing was written, for want of room. */
    static boolean isRefusal(RuntimeException e) {
        return REFUSAL.equals(e.getMessage());
    }

    /**
     * Refuses what would need an image.
     *
     * @throws PgException 53100 where there is no room
     */
    void require() {
        if (!isEnough()) {
            throw new PgException(SqlState.DISK_FULL, REFUSAL)
                    .withHint("Free disk space and try again.");
        }
    }
}
