package io.heliosdb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.log.LogFiles;
import io.heliosdb.log.LogOptions;
import io.heliosdb.pg.PgException;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A disk that is full, or refuses to be written, takes nothing that was not acknowledged. */
@Timeout(120)
class DiskFullTest {
    /** Longer than a row, so there is no room for it where there is none for a row. */
    private static final String DEFINITION =
            "create table u (x varchar default '" + "x".repeat(2000) + "')";

    private static final int SEGMENT_BYTES = 64 << 10;

    private final AtomicBoolean isFull = new AtomicBoolean();
    private volatile String refusal = "No space left on device";

    @TempDir private Path directory;

    @Test
    void writersAreRefusedReadersGoOnAndOnceThereIsRoomEverybody() {
        int kept = fillAndEmpty("53100");
        assertThat(kept).isPositive();
    }

    @Test
    void aDiskThatIsReadOnlyIsAnErrorOfTheDisk() {
        refusal = "Read-only file system";
        assertThat(fillAndEmpty("58030")).isPositive();
    }

    @Test
    void aDefinitionThatFindsNoRoomIsNotMade() {
        try (var engine = open();
                var session = engine.newSession(new RecordingServices())) {
            session.execute("create table t (i int primary key, x varchar)");
            isFull.set(true);
            int rows = insertUntilRefused(session, "53100");
            requireState("53100", () -> session.execute(DEFINITION));
            session.rollback();
            assertThatThrownBy(() -> session.execute("select * from u"))
                    .isInstanceOf(PgException.class);
            session.rollback();
            assertThat(Rows.of(session, "select count(*) from t"))
                    .containsExactly(List.of((long) rows));
            isFull.set(false);
            session.execute(DEFINITION);
        }
    }

    @Test
    void anImageThatHasNoRoomIsNotBegun() {
        try (var engine = open();
                var session = engine.newSession(new RecordingServices())) {
            var store = session.local().getDatabase().getStore().getMvStore();
            assertThat(new DiskRoom(directory, store, 0).isEnough()).isTrue();
            var full = new DiskRoom(directory, store, Long.MAX_VALUE / 2);
            assertThat(full.isEnough()).isFalse();
            requireState("53100", full::require);
        }
    }

    private int fillAndEmpty(String state) {
        int rows;
        try (var engine = open();
                var session = engine.newSession(new RecordingServices())) {
            session.execute("create table t (i int primary key, x varchar)");
            isFull.set(true);
            rows = insertUntilRefused(session, state);
            assertThat(Rows.of(session, "select count(*) from t"))
                    .containsExactly(List.of((long) rows));
            isFull.set(false);
            insert(session, rows++);
        }
        try (var engine = open();
                var session = engine.newSession(new RecordingServices())) {
            assertThat(Rows.of(session, "select count(*) from t"))
                    .containsExactly(List.of((long) rows));
        }
        return rows;
    }

    private static int insertUntilRefused(EngineSession session, String state) {
        for (int i = 0; ; i++) {
            try {
                insert(session, i);
            } catch (PgException e) {
                assertThat(e.sqlState().code()).isEqualTo(state);
                session.rollback();
                return i;
            }
        }
    }

    private static void insert(EngineSession session, int id) {
        session.execute("insert into t values (?1, ?2)", id, "x".repeat(1000));
        session.commit();
    }

    private static void requireState(String state, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.sqlState().code()).isEqualTo(state));
    }

    private Engine open() {
        var log = LogOptions.defaults().withSegmentBytes(SEGMENT_BYTES);
        var wal =
                WalOptions.defaults()
                        .withLog(log)
                        .withCheckpoints(Long.MAX_VALUE, Duration.ofDays(1))
                        .withLayer(Filling::new);
        return Engine.open(EngineOptions.at(directory).withWal(Optional.of(wal)));
    }

    /** A directory where no file can be made while it is full. */
    private final class Filling implements LogFiles {
        private final LogFiles files;

        Filling(LogFiles files) {
            this.files = files;
        }

        @Override
        public List<String> list() throws IOException {
            return files.list();
        }

        @Override
        public File open(String name) throws IOException {
            if (isFull.get() && !files.list().contains(name)) {
                throw new IOException(refusal);
            }
            return files.open(name);
        }

        @Override
        public File openForReading(String name) throws IOException {
            return files.openForReading(name);
        }

        @Override
        public void rename(String from, String to) throws IOException {
            files.rename(from, to);
        }

        @Override
        public void delete(String name) throws IOException {
            files.delete(name);
        }

        @Override
        public void syncDirectory() throws IOException {
            files.syncDirectory();
        }

        @Override
        public String toString() {
            return files.toString();
        }
    }
}
