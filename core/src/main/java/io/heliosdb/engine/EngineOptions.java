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
 * @param wal how its log is kept; empty for none: then what commits is durable by writing the
 *     store's own pages. A database in memory has none
 */
public record EngineOptions(
        Optional<Path> directory,
        int cacheKb,
        int pageBytes,
        String url,
        String socket,
        Optional<WalOptions> wal) {
    private static final int CACHE_KB = 16 * 1024;
    private static final int PAGE_BYTES = 4096;

    /**
     * With a log where there is a directory.
     *
     * @param directory the data directory; empty keeps everything in memory
     * @param cacheKb the page cache, in kilobytes
     * @param pageBytes the size at which a page of a new store is split
     * @param url where the owner can be reached; may be empty
     * @param socket the path of the owner's socket; may be empty
     */
    public EngineOptions(
            Optional<Path> directory, int cacheKb, int pageBytes, String url, String socket) {
        this(
                directory,
                cacheKb,
                pageBytes,
                url,
                socket,
                directory.map(path -> WalOptions.defaults()));
    }

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

    /**
     * Chooses how the log is kept.
     *
     * @param changed empty for no log
     * @return a copy
     */
    public EngineOptions withWal(Optional<WalOptions> changed) {
        return new EngineOptions(directory, cacheKb, pageBytes, url, socket, changed);
    }
}
