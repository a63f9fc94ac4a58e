package io.heliosdb.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.HeliosConfig;
import io.heliosdb.HeliosDb;
import io.heliosdb.client.EventSourceContract;
import io.heliosdb.client.events.EventSource;
import io.heliosdb.config.Settings;
import io.heliosdb.pg.PgException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The events of a database in this process. */
final class EmbeddedEventSourceTest extends EventSourceContract {
    @TempDir private Path directory;

    private @Nullable HeliosDb db;

    private HeliosDb open(String name) {
        return HeliosDb.open(
                HeliosConfig.at(directory.resolve(name))
                        .with(Settings.WAL_KEEP_SIZE, 1L << 20)
                        .with(Settings.WAL_KEEP_TIME, Duration.ofDays(1)));
    }

    @Override
    protected EventSource open() {
        if (db == null) {
            db = open("events");
        }
        return EmbeddedEventSource.of(db);
    }

    @Override
    protected void end() {
        if (db != null) {
            db.close();
        }
    }

    /** The log is let go in files of 16 MB. */
    @Override
    protected void cutHistory() {
        if (db != null) {
            for (int i = 0; i < 40; i++) {
                db.query("SELECT pg_logical_emit_message(true, 'x', repeat('x', 1000000))");
            }
            db.execute("CHECKPOINT");
        }
    }

    @Override
    protected void restart() {
        if (db != null) {
            db.close();
            db = null;
        }
    }

    @Override
    protected EventSource openAndLoseTheEngine() {
        try (var lost = open("lost")) {
            return EmbeddedEventSource.of(lost);
        }
    }

    @Override
    protected List<String> leftovers() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains("heliosdb-consumers"))
                .toList();
    }

    @Test
    void aDatabaseWithoutALogHasNoEventsToComeBackTo() {
        try (var inMemory = HeliosDb.inMemory()) {
            assertThatThrownBy(() -> EmbeddedEventSource.of(inMemory))
                    .isInstanceOfSatisfying(
                            PgException.class,
                            e -> assertThat(e.sqlState().code()).isEqualTo("55000"));
        }
    }
}
