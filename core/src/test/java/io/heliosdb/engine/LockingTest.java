package io.heliosdb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Waits for rows and tables, and what ends them. */
final class LockingTest {
    private final Engine engine = Engine.open(EngineOptions.inMemory());
    private final EngineSession first = engine.newSession(new RecordingServices());
    private final EngineSession second = engine.newSession(new RecordingServices());

    @BeforeEach
    void createTable() {
        first.execute("create table t(a int primary key, n int)");
        first.execute("insert into t values(1, 0), (2, 0)");
        first.commit();
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void aWaitForARowEndsWithACancel() throws Exception {
        first.execute("update t set n = 1 where a = 1");
        var task = inThread("update t set n = 2 where a = 1");
        Waits.until(() -> second.local().getBlockingSessionId() != 0);
        second.cancel();
        assertThat(error(task).sqlState().code()).isEqualTo("57014");
        second.rollback();
        first.commit();
        assertThat(second.execute("update t set n = 3 where a = 1")).isEqualTo(1);
    }

    @Test
    void aCancelDuringAnIdleSessionDoesNothing() {
        second.cancel();
        assertThat(second.execute("update t set n = 3 where a = 1")).isEqualTo(1);
    }

    @Test
    void aLongQueryEndsWithACancel() throws Exception {
        var task =
                inThread(
                        "select count(*) from system_range(1, 1000000000) s(x) where mod(x, 7) ="
                                + " 3");
        Waits.until(() -> second.local().getCurrentCommand() != null || task.isDone());
        second.cancel();
        assertThat(error(task).sqlState().code()).isEqualTo("57014");
        assertThat(Rows.of(second, "select 1")).containsExactly(List.of(1));
    }

    @Test
    void aSleepEndsWithACancelOrAnInterruptWhichIsKept() throws Exception {
        var task = inThread("select pg_sleep(100)");
        Waits.until(() -> second.local().getCurrentCommand() != null);
        second.cancel();
        assertThat(error(task).report().message())
                .isEqualTo("canceling statement due to user request");

        var kept = new AtomicBoolean();
        var thread =
                Thread.ofPlatform()
                        .start(() -> {
                            assertThatThrownBy(() -> Rows.of(second, "select pg_sleep(100)"))
                                    .isInstanceOf(PgException.class);
                            kept.set(Thread.currentThread().isInterrupted());
                        });
        Waits.until(() -> second.local().getCurrentCommand() != null);
        thread.interrupt();
        thread.join();
        assertThat(kept).isTrue();
    }

    @Test
    void anInterruptEndsAWaitForARowAndIsKept() throws Exception {
        first.execute("update t set n = 1 where a = 1");
        var kept = new AtomicBoolean();
        var task =
                new FutureTask<>(() -> {
                    try {
                        return second.execute("update t set n = 2 where a = 1");
                    } finally {
                        kept.set(Thread.currentThread().isInterrupted());
                    }
                });
        var thread = Thread.ofPlatform().start(task);
        Waits.until(() -> second.local().getBlockingSessionId() != 0);
        thread.interrupt();
        assertThat(error(task).sqlState().code()).isEqualTo("57014");
        assertThat(kept).isTrue();
    }

    @Test
    void anInterruptBeforeAStatementDoesNotDisturbIt() {
        Thread.currentThread().interrupt();
        assertThat(second.execute("update t set n = 5 where a = 1")).isEqualTo(1);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void whoWaitsForATransactionThatWentBackToASavepointSleeps() throws Exception {
        first.execute("update t set n = 1 where a = 1");
        var mark = first.mark();
        first.execute("update t set n = 1 where a = 2");
        first.rollbackTo(mark);
        assertThat(second.execute("update t set n = 2 where a = 2")).isEqualTo(1);
        var task = inThread("update t set n = 2 where a = 1");
        Waits.until(() -> second.isAsleepBehind(first.local().getId()));
        second.cancel();
        assertThat(error(task).sqlState().code()).isEqualTo("57014");
        second.lockTimeout(Duration.ofMillis(30));
        assertThatThrownBy(() -> second.execute("update t set n = 2 where a = 1"))
                .isInstanceOf(PgException.class)
                .hasMessageContaining("lock timeout");
    }

    @Test
    void aRowThatGoingBackToASavepointFreesIsTakenByWhoWaitsForIt() throws Exception {
        for (int i = 0; i < 50; i++) {
            first.execute("update t set n = 1 where a = 1");
            var mark = first.mark();
            first.execute("update t set n = 1 where a = 2");
            var task = inThread("update t set n = 2 where a = 2");
            Waits.until(() -> second.isAsleepBehind(first.local().getId()));
            first.rollbackTo(mark);
            assertThat(task.get(10, TimeUnit.SECONDS)).isEqualTo(1);
            second.commit();
            first.commit();
        }
    }

    @Test
    void aFailedStatementLeavesNobodyBusy() throws Exception {
        first.execute("update t set n = 1 where a = 1");
        assertThatThrownBy(() -> first.execute("insert into t values(3, 0), (2, 0)"))
                .isInstanceOf(PgException.class);
        var task = inThread("update t set n = 2 where a = 1");
        Waits.until(() -> second.isAsleepBehind(first.local().getId()));
        second.cancel();
        assertThat(error(task).sqlState().code()).isEqualTo("57014");
    }

    @Test
    void aLockTimeoutHasItsOwnCode() {
        first.execute("update t set n = 1 where a = 1");
        second.lockTimeout(Duration.ofMillis(30));
        assertThatThrownBy(() -> second.execute("update t set n = 2 where a = 1"))
                .hasMessage("canceling statement due to lock timeout")
                .extracting(e -> ((PgException) e).sqlState().code())
                .isEqualTo("55P03");
    }

    @Test
    void aDeadlockEndsOneOfThem() throws Exception {
        first.execute("update t set n = 1 where a = 1");
        second.execute("update t set n = 1 where a = 2");
        var task = inThread("update t set n = 2 where a = 1");
        Waits.until(() -> second.local().getBlockingSessionId() != 0);
        PgException victim = null;
        try {
            first.execute("update t set n = 2 where a = 2");
        } catch (PgException e) {
            victim = e;
            first.rollback();
        }
        if (victim == null) {
            victim = error(task);
        } else {
            task.get();
        }
        assertThat(victim.sqlState().code()).isEqualTo("40P01");
        assertThat(victim.report().message()).isEqualTo("deadlock detected");
    }

    @Test
    void aChangeOfTheSchemaWaitsAndCanBeCancelled() throws Exception {
        first.execute("update t set n = 1 where a = 1");
        var task = inThread("alter table t add column z int");
        Waits.until(() -> second.local().getWaitForLock() != null);
        second.cancel();
        assertThat(error(task).sqlState().code()).isEqualTo("57014");
        second.lockTimeout(Duration.ofMillis(80));
        assertThatThrownBy(() -> second.execute("alter table t add column z int"))
                .hasMessage("canceling statement due to lock timeout");
        first.commit();
        second.execute("alter table t add column z int");
        assertThat(Rows.of(first, "select n, z from t where a = 1").getFirst()).hasSize(2);
    }

    @Test
    void readCommittedReadsARowAgainAfterWaitingForIt() throws Exception {
        first.execute("update t set n = n + 1 where a = 1");
        var task = inThread("update t set n = n + 10 where a = 1 and n >= 0");
        Waits.until(() -> second.local().getBlockingSessionId() != 0);
        first.commit();
        assertThat(task.get()).isEqualTo(1);
        second.commit();
        assertThat(Rows.of(first, "select n from t where a = 1")).containsExactly(List.of(11));
    }

    @Test
    void skipLockedSkips() {
        first.execute("update t set n = 1 where a = 1");
        assertThat(Rows.of(second, "select a from t order by a for update skip locked"))
                .containsExactly(List.of(2));
    }

    @Test
    void repeatableReadSeesOneStateAndRefusesToOverwriteALaterOne() {
        second.begin(false, Isolation.REPEATABLE_READ);
        assertThat(Rows.of(second, "select n from t where a = 1")).containsExactly(List.of(0));
        first.execute("update t set n = 7 where a = 1");
        first.commit();
        assertThat(Rows.of(second, "select n from t where a = 1")).containsExactly(List.of(0));
        assertThatThrownBy(() -> second.execute("update t set n = 8 where a = 1"))
                .hasMessage("could not serialize access due to concurrent update")
                .extracting(e -> ((PgException) e).sqlState().code())
                .isEqualTo("40001");
        second.rollback();
        assertThat(Rows.of(second, "select n from t where a = 1")).containsExactly(List.of(7));
    }

    @Test
    void aReadOnlyTransactionRefusesToWrite() {
        second.begin(true, Isolation.READ_COMMITTED);
        assertThat(Rows.of(second, "select n from t where a = 1")).containsExactly(List.of(0));
        assertThatThrownBy(() -> second.execute("insert into t values(9, 9)"))
                .hasMessage("cannot execute INSERT in a read-only transaction");
        assertThatThrownBy(() -> Rows.of(second, "select a from old table (delete from t)"))
                .extracting(e -> ((PgException) e).sqlState().code())
                .isEqualTo("25006");
        second.rollback();
        assertThat(second.execute("insert into t values(9, 9)")).isEqualTo(1);
    }

    @Test
    void marksUndoWhatCameAfterThem() {
        second.begin(false, Isolation.READ_COMMITTED);
        assertThat(second.hasChanges()).isFalse();
        var before = second.mark();
        second.execute("insert into t values(3, 3)");
        var between = second.mark();
        second.execute("insert into t values(4, 4)");
        second.rollbackTo(between);
        assertThat(Rows.of(second, "select a from t where a > 2")).containsExactly(List.of(3));
        assertThat(second.hasChanges()).isTrue();
        second.rollbackTo(before);
        second.execute("insert into t values(5, 5)");
        second.commit();
        assertThat(Rows.of(first, "select a from t where a > 2")).containsExactly(List.of(5));
    }

    private FutureTask<Long> inThread(String sql) {
        var task =
                new FutureTask<>(() -> {
                    try (var plan = second.prepare(sql);
                            var result = plan.execute()) {
                        return result.updateCount();
                    }
                });
        Thread.ofPlatform().start(task);
        return task;
    }

    private static PgException error(FutureTask<Long> task) throws InterruptedException {
        try {
            task.get();
        } catch (ExecutionException e) {
            return (PgException) e.getCause();
        }
        throw new AssertionError("the statement ended well");
    }
}
