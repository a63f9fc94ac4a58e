package io.heliosdb;

import io.heliosdb.engine.Engine;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Who has a data directory open, as its lock file says.
 *
 * @param pid the process
 * @param socket where others may join it; empty where they may not
 */
record DirectoryOwner(String pid, Optional<Path> socket) {
    static Optional<DirectoryOwner> read(Path directory) {
        var words = Engine.owner(directory);
        return value(words, "pid")
                .map(pid -> new DirectoryOwner(pid, value(words, "socket").map(Path::of)));
    }

    private static Optional<String> value(Map<String, String> words, String key) {
        return Optional.ofNullable(words.get(key)).filter(value -> !value.isEmpty());
    }
}
