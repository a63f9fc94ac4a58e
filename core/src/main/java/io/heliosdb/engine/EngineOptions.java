package io.heliosdb.engine;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How to open an engine.
 *
 * @param directory the data directory; empty keeps everything in memory
 * @param cacheKb the page cache, in kilobytes
 * @param pageBytes the size at which a page of a new store is split
 * @param url where the owner can be reached, told to a second opener in the error's hint; may be
 *     empty
 * @param socket the path of the owner's socket, written into the lock file; may be empty
 */
public record EngineOptions(
        Optional<Path> directory, int cacheKb, int pageBytes, String url, String socket) {
    private static final int CACHE_KB = 16 * 1024;
    private static final int PAGE_BYTES = 4096;

    /**
     * A database in memory.
     *
     * @return the options
     */
    public static EngineOptions inMemory() {
        return new EngineOptions(Optional.empty(), CACHE_KB, PAGE_BYTES, "", "");
    }

    /**
     * A database in a directory, which is created where it does not exist.
     *
     * @param directory the data directory
     * @return the options
     */
    public static EngineOptions at(Path directory) {
        return new EngineOptions(Optional.of(directory), CACHE_KB, PAGE_BYTES, "", "");
    }
}
