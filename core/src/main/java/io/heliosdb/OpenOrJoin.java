package io.heliosdb;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Owns a directory or joins who does. The lock on the directory decides; between two tries an owner
 * may start, end or die, so a refusal is looked at again until the time is over.
 */
final class OpenOrJoin {
    /** How long an owner may take to recover its database before it answers. */
    private static final Duration OWNER_STARTS = Duration.ofSeconds(30);

    private static final Duration PAUSE = Duration.ofMillis(20);

    private OpenOrJoin() {}

    static HeliosDb run(HeliosConfig config) {
        var directory = config.dataDirectory();
        if (directory.isEmpty()) {
            return EmbeddedDb.open(config);
        }
        ServerModule.require("openOrJoin");
        long deadline = System.nanoTime() + OWNER_STARTS.toNanos();
        while (true) {
            try {
                return own(config);
            } catch (PgException refusal) {
                if (!refusal.sqlState().equals(SqlState.OBJECT_IN_USE)) {
                    throw refusal;
                }
                var joined = join(config, directory.get(), refusal);
                if (joined.isPresent()) {
                    return joined.get();
                }
                if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                    throw refusal;
                }
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static HeliosDb own(HeliosConfig config) {
        var db = EmbeddedDb.openJoinable(config);
        try {
            db.letOthersJoin();
            return db;
        } catch (RuntimeException | Error e) {
            db.close();
            throw e;
        }
    }

    /** Empty where the owner is starting or ending, which is worth another look. */
    private static Optional<HeliosDb> join(
            HeliosConfig config, Path directory, PgException refusal) {
        var socket = EmbeddedDb.socketInThisProcess(directory);
        if (socket.isEmpty()) {
            var owner = DirectoryOwner.read(directory);
            if (owner.isEmpty()) {
                return Optional.empty();
            }
            socket = owner.get().socket();
        }
        if (socket.isEmpty()) {
            throw refusal.withHint(
                    "The owner lets nobody join; let it use openOrJoin, or serve, too.");
        }
        try {
            var remote = ServerModule.require("openOrJoin").join(socket.get());
            return Optional.of(new JoinedDb(config, remote));
        } catch (PgException e) {
            if (e.sqlState().equals(SqlState.CONNECTION_FAILURE)) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
