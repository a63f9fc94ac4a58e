package io.heliosdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who has a data directory open, as its lock file says. Only for a directory of another process:
 * reading the file in the process that holds the lock could let go of it.
 *
 * @param pid the process
 * @param socket where others may join it; empty where they may not
 */
record DirectoryOwner(String pid, Optional<Path> socket) {
    private static final int BYTES_MAX = 16 * 1024;

    static Optional<DirectoryOwner> read(Path directory) {
        var file = directory.resolve("heliosdb.lock");
        try {
            if (Files.size(file) > BYTES_MAX) {
                return Optional.empty();
            }
            String text = Files.readString(file);
            return value(text, "pid")
                    .map(pid -> new DirectoryOwner(pid, value(text, "socket").map(Path::of)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> value(String text, String key) {
        return text.lines()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1))
                .filter(value -> !value.isEmpty())
                .findFirst();
    }
}
