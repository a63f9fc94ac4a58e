package io.heliosdb.engine;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

import java.util.List;

/**
 * The versions in which a store's file is laid out, kept in the file: of the image that a
 * checkpoint writes, and of the tables of the program's own. A newer one is refused, an older one
 * brought up to date when it is opened; that is durable with the next image.
 */
final class FormatVersion {
    private static final String MAP = "heliosdb.format";

    /** A part of the file, and the version that this program writes. */
    private record Part(String key, String name, long version) {}

    private static final List<Part> PARTS =
            List.of(
                    new Part("image", "The store's file", 1),
                    new Part("system", "The layout of the system tables", 1));

    private FormatVersion() {}

    /**
     * Looks at a store that has just been opened.
     *
     * @throws PgException 0A000 where a part of it is newer than this program
     */
    static void require(MVStore store) {
        MVMap<String, Long> found = store.openMap(MAP);
        for (Part part : PARTS) {
            long version = found.getOrDefault(part.key, 0L);
            if (version > part.version) {
                throw newer(part.name, version, part.version);
            }
        }
        for (Part part : PARTS) {
            // What was written before versions were kept is laid out as version 1 is.
            if (found.getOrDefault(part.key, 0L) < part.version) {
                found.put(part.key, part.version);
            }
        }
    }

    private static PgException newer(String what, long version, long known) {
        return new PgException(
                        SqlState.FEATURE_NOT_SUPPORTED,
                        "database files are incompatible with this program")
                .withDetail(
                        what
                                + " has format version "
                                + version
                                + "; this program reads up to "
                                + known
                                + ".")
                .withHint("Open the database with the program that wrote it, or a newer one.");
    }
}
