package io.heliosdb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Rows that wait for the transaction that holds one of their unique keys. */
@Timeout(60)
final class KeyWaitTest {
    @TempDir private Path parent;
    private Engine engine;
    private EngineSession first;
    private EngineSession second;

    @BeforeEach
    void open() {
        engine = Engine.open(EngineOptions.at(parent.resolve("db")));
        first = engine.newSession(new RecordingServices());
        second = engine.newSession(new RecordingServices());
        first.execute("create table k(id int primary key, u int unique)");
        first.execute("create table loose(n int, u int unique)");
        first.commit();
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"insert into k values (7, 1)", "insert into k values (8, 70)"})
    void aCheckpointPassesWhileARowWaitsForAKey(String insert) {
        first.execute("insert into k values (7, 70)");
        var waiting = waits(insert);
        engine.checkpoint();
        assertThat(waiting).isNotDone();
        first.rollback();
        waiting.join();
        second.commit();
        assertThat(Rows.of(first, "select count(*) from k")).containsExactly(List.of(1L));
    }

    @Test
    void aStatementThatWaitedHasWrittenEachRowOnce() {
        first.execute("insert into loose values (1, 5)");
        var waiting = waits("insert into loose values (10, 4), (11, 5), (12, 6)");
        first.rollback();
        waiting.join();
        second.commit();
        assertThat(Rows.of(first, "select n from loose order by n"))
                .containsExactly(List.of(10), List.of(11), List.of(12));
    }

    @Test
    void aKeyThatWasCommittedMeanwhileIsADuplicateAndTheStatementIsUndone() {
        first.execute("insert into loose values (1, 5)");
        var waiting = waits("insert into loose values (10, 4), (11, 5)");
        first.commit();
        assertThat(error(waiting).sqlState().code()).isEqualTo("23505");
        second.commit();
        assertThat(Rows.of(first, "select n from loose")).containsExactly(List.of(1));
    }

    @Test
    void anUpdateWaitsForAKeyToo() {
        second.execute("insert into loose values (2, 50)");
        second.commit();
        first.execute("insert into loose values (1, 5)");
        var waiting = waits("update loose set u = 5 where n = 2");
        first.rollback();
        waiting.join();
        second.commit();
        assertThat(Rows.of(first, "select n, u from loose")).containsExactly(List.of(2, 5));
    }

    @RepeatedTest(40)
    void keysThatTwoWantOfEachOtherAreADeadlock() {
        first.execute("insert into loose values (1, 1)");
        second.execute("insert into loose values (2, 2)");
        var waiting = waits("insert into loose values (2, 1)");
        PgException victim = null;
        try {
            first.execute("insert into loose values (1, 2)");
        } catch (PgException e) {
            victim = e;
            first.rollback();
        }
        if (victim == null) {
            victim = error(waiting);
        } else {
            waiting.join();
        }
        assertThat(victim.sqlState().code()).isEqualTo("40P01");
    }

    @ParameterizedTest
    @ValueSource(strings = {"insert into k values (7, 1)", "insert into k values (8, 70)"})
    void aWaitForAKeyEndsWithACancel(String insert) {
        first.execute("insert into k values (7, 70)");
        var waiting = waits(insert);
        second.cancel();
        assertThat(error(waiting).sqlState().code()).isEqualTo("57014");
    }

    @ParameterizedTest
    @ValueSource(strings = {"insert into k values (7, 1)", "insert into k values (8, 70)"})
    void aWaitForAKeyEndsWithTheLockTimeout(String insert) {
        first.execute("insert into k values (7, 70)");
        second.lockTimeout(Duration.ofMillis(120));
        assertThat(error(waits(insert)).sqlState().code()).isEqualTo("55P03");
    }

    private CompletableFuture<Void> waits(String sql) {
        var waiting = CompletableFuture.runAsync(() -> second.execute(sql));
        while (second.local().getBlockingSessionId() == 0 && !waiting.isDone()) {
            Thread.onSpinWait();
        }
        return waiting;
    }

    private static PgException error(CompletableFuture<Void> task) {
        try {
            task.join();
        } catch (CompletionException e) {
            return (PgException) e.getCause();
        }
        throw new AssertionError("no error");
    }
}
