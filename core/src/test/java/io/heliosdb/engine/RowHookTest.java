package io.heliosdb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

final class RowHookTest {
    private final Engine engine = Engine.open(EngineOptions.inMemory());
    private final EngineSession session = engine.newSession(new RecordingServices());
    private final Recorder recorder = new Recorder();

    @BeforeEach
    void createTables() {
        session.execute("create table t(a int primary key, b varchar)");
        session.execute("create table child(x int references t(a) on delete cascade)");
        session.execute("create table other(a int)");
        engine.installRowHook(recorder);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void everyChangeIsToldInOrder() {
        session.execute("insert into t values(1, 'x'), (2, 'y')");
        session.execute("update t set b = 'z' where a = 1");
        session.execute("delete from t where a = 2");
        session.execute("delete from t where a = 99");
        session.execute("insert into other values(1)");
        assertThat(recorder.events)
                .containsExactly(
                        "before INSERT t",
                        "row INSERT t null -> [1, x]",
                        "done INSERT t null -> [1, x]",
                        "row INSERT t null -> [2, y]",
                        "done INSERT t null -> [2, y]",
                        "after INSERT t",
                        "before UPDATE t",
                        "row UPDATE t [1, x] -> [1, z]",
                        "done UPDATE t [1, x] -> [1, z]",
                        "after UPDATE t",
                        "before DELETE t",
                        "row DELETE t [2, y] -> null",
                        "done DELETE t [2, y] -> null",
                        "before DELETE child",
                        "after DELETE child",
                        "after DELETE t",
                        "before DELETE t",
                        "after DELETE t");
    }

    @Test
    void theColumnsThatAnUpdateAssignsAreKnownWhileItRuns() {
        session.execute("insert into t values(1, 'x')");
        var seen = new ArrayList<Set<String>>();
        recorder.before =
                row -> {
                    seen.add(session.assignedColumns());
                    return row;
                };
        try (var plan = session.prepare("update t set b = b")) {
            plan.assigns(List.of("b"));
            plan.execute().close();
        }
        session.execute("delete from t");
        assertThat(seen.getFirst()).containsExactly("b");
        assertThat(session.assignedColumns()).isEmpty();
    }

    @Test
    void cascadesAndMergesAreToldToo() {
        session.execute("insert into t values(1, 'x')");
        session.execute("insert into child values(1)");
        recorder.events.clear();
        session.execute("delete from t where a = 1");
        assertThat(recorder.events)
                .contains("done DELETE t [1, x] -> null", "done DELETE child [1] -> null");
        recorder.events.clear();
        session.execute(
                "merge into t using (values(5, 'n')) s(a, b) on t.a = s.a"
                        + " when matched then update set b = s.b"
                        + " when not matched then insert values(s.a, s.b)");
        assertThat(recorder.events)
                .contains("before INSERT t", "before UPDATE t", "done INSERT t null -> [5, n]");
    }

    @Test
    void aRowCanBeChangedOrSkippedBeforeItIsWritten() {
        recorder.before =
                row -> {
                    if (Integer.valueOf(2).equals(row[0])) {
                        return null;
                    }
                    var changed = row.clone();
                    changed[1] = row[1] + "!";
                    return changed;
                };
        assertThat(session.execute("insert into t values(1, 'x'), (2, 'y')"))
                .isLessThanOrEqualTo(2);
        assertThat(rows("select a, b from t")).containsExactly(List.of(1, "x!"));
    }

    @Test
    void rowsOfAViewAreChangedByTheHook() {
        session.execute("create view v as select a, b from t");
        session.execute("insert into t values(1, 'x')");
        recorder.events.clear();
        recorder.before = row -> Integer.valueOf(2).equals(row[0]) ? null : row;
        assertThat(rows("select a from final table (insert into v values(2, 'y'), (3, 'z'))"))
                .containsExactly(List.of(3));
        assertThat(session.execute("delete from v")).isEqualTo(1);
        assertThat(recorder.events)
                .containsExactly(
                        "before INSERT v",
                        "instead INSERT v null -> [2, y]",
                        "instead INSERT v null -> [3, z]",
                        "after INSERT v",
                        "before DELETE v",
                        "instead DELETE v [1, x] -> null",
                        "after DELETE v");
        assertThat(rows("select a from t")).containsExactly(List.of(1));
        session.execute("drop view v");
    }

    @Test
    void aViewThatTheHookDoesNotReplaceCannotBeChanged() {
        session.execute("create view w as select a, b from t");
        assertThatThrownBy(() -> session.execute("update w set b = 'x'"))
                .hasMessage("cannot update view \"w\"")
                .extracting(e -> ((PgException) e).sqlState().code())
                .isEqualTo("55000");
    }

    @Test
    void whatTheHookThrowsFailsTheStatementAndUndoesIt() {
        recorder.before =
                row -> {
                    if (Integer.valueOf(2).equals(row[0])) {
                        throw new PgException(new SqlState("P0001"), "no");
                    }
                    return row;
                };
        assertThatThrownBy(() -> session.execute("insert into t values(1, 'x'), (2, 'y')"))
                .isInstanceOf(PgException.class)
                .hasMessage("no")
                .extracting(e -> ((PgException) e).sqlState().code())
                .isEqualTo("P0001");
        assertThat(rows("select a, b from t")).isEmpty();
    }

    @Test
    void theHookRunsStatementsInTheSameTransaction() {
        recorder.after =
                row -> session.execute("insert into other select a from t where a = ?1", row[0]);
        session.execute("insert into t values(1, 'x'), (2, 'y')");
        assertThat(rows("select a from other order by a")).containsExactly(List.of(1), List.of(2));
        session.rollback();
        assertThat(rows("select a from other")).isEmpty();
    }

    @Test
    void aTableThatIsAlteredIsHookedStill() {
        session.execute("alter table t add column c int");
        recorder.events.clear();
        session.execute("insert into t values(1, 'x', 3)");
        assertThat(recorder.events).contains("done INSERT t null -> [1, x, 3]");
        session.execute("alter table t rename to u");
        recorder.events.clear();
        session.execute("insert into u values(2, 'x', 3)");
        assertThat(recorder.events).isEmpty();
        session.execute("drop table child");
        session.execute("drop table u");
    }

    @Test
    void aFinalTableQueryFiresAndFailsAsAWhole() {
        assertThat(rows("select a from final table (insert into t values(1, 'x'))"))
                .containsExactly(List.of(1));
        assertThat(recorder.events).contains("done INSERT t null -> [1, x]");
        assertThatThrownBy(() ->
                        rows(
                                "select a from final table"
                                        + " (insert into t values(2, 'x'), (1, 'y'))"))
                .hasMessageContaining("t_pkey");
        assertThat(rows("select a from t")).containsExactly(List.of(1));
    }

    @Test
    void aStatementThatIsRunAnewIsAnnouncedAnew() throws InterruptedException {
        session.execute("insert into t values(1, 'x')");
        session.commit();
        session.execute("update t set b = 'first' where a = 1");
        recorder.events.clear();
        var second = engine.newSession(new RecordingServices());
        var started = new CountDownLatch(1);
        var thread =
                Thread.ofVirtual()
                        .start(() -> {
                            started.countDown();
                            second.execute("update t set b = b || '+' where a = 1");
                            second.commit();
                        });
        started.await();
        Waits.until(() -> second.local().getBlockingSessionId() != 0);
        session.commit();
        thread.join();
        assertThat(rows("select b from t")).containsExactly(List.of("first+"));
        assertThat(Collections.frequency(recorder.events, "after UPDATE t")).isEqualTo(1);
        assertThat(
                        Collections.frequency(
                                recorder.events, "done UPDATE t [1, first] -> [1, first+]"))
                .isEqualTo(1);
    }

    private List<List<@Nullable Object>> rows(String sql) {
        return Rows.of(session, sql);
    }

    /** Writes down what it hears of t and child. */
    private static final class Recorder implements RowHook {
        final List<String> events = Collections.synchronizedList(new ArrayList<>());
        UnaryOperator<@Nullable Object @Nullable []> before = row -> row;
        java.util.function.Consumer<@Nullable Object[]> after = row -> {};

        @Override
        public boolean wants(TableId table, RowEvent event) {
            return table.name().equals("t") || table.name().equals("child");
        }

        @Override
        public void beforeStatement(
                EngineSession session,
                TableId table,
                Set<RowEvent> statementEvents,
                @Nullable Set<String> assigned) {
            for (RowEvent event : statementEvents) {
                events.add("before " + event + " " + table.name());
            }
        }

        @Override
        public void afterStatement(
                EngineSession session, TableId table, Set<RowEvent> statementEvents) {
            for (RowEvent event : statementEvents) {
                events.add("after " + event + " " + table.name());
            }
        }

        @Override
        public @Nullable Object @Nullable [] beforeRow(
                EngineSession session,
                TableId table,
                RowEvent event,
                @Nullable Object @Nullable [] oldRow,
                @Nullable Object @Nullable [] newRow) {
            events.add("row " + shown(table, event, oldRow, newRow));
            return newRow == null ? oldRow : before.apply(newRow);
        }

        @Override
        public void afterRow(
                EngineSession session,
                TableId table,
                RowEvent event,
                @Nullable Object @Nullable [] oldRow,
                @Nullable Object @Nullable [] newRow) {
            events.add("done " + shown(table, event, oldRow, newRow));
            if (newRow != null) {
                after.accept(newRow);
            }
        }

        @Override
        public boolean isReplaced(EngineSession session, TableId view, RowEvent event) {
            return view.name().equals("v");
        }

        @Override
        public @Nullable Object @Nullable [] insteadOfRow(
                EngineSession session,
                TableId view,
                RowEvent event,
                @Nullable Object @Nullable [] oldRow,
                @Nullable Object @Nullable [] newRow) {
            events.add("instead " + shown(view, event, oldRow, newRow));
            return newRow == null ? oldRow : before.apply(newRow);
        }

        private static String shown(
                TableId table,
                RowEvent event,
                @Nullable Object @Nullable [] oldRow,
                @Nullable Object @Nullable [] newRow) {
            return event
                    + " "
                    + table.name()
                    + " "
                    + Arrays.toString(oldRow)
                    + " -> "
                    + Arrays.toString(newRow);
        }
    }
}
