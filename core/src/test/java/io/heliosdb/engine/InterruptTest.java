package io.heliosdb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** An application interrupts its threads wherever they are, and the database stays whole. */
final class InterruptTest {
    private static final int INTERRUPTS = 1_000;
    private static final int WRITERS = 4;

    @Test
    void aThousandInterruptsLoseNoAcknowledgedRow(@TempDir Path directory)
            throws InterruptedException {
        long seed = System.nanoTime();
        var random = new Random(seed);
        List<List<Integer>> acknowledged = new ArrayList<>();
        var interruptsSeen = new AtomicInteger();
        try (var engine = Engine.open(EngineOptions.at(directory))) {
            var setup = engine.newSession(new RecordingServices());
            setup.execute("create table t(writer int, n int, pad varchar, primary key(writer, n))");
            setup.commit();
            var stop = new AtomicBoolean();
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < WRITERS; i++) {
                var rows = new ArrayList<Integer>();
                acknowledged.add(rows);
                int writer = i;
                threads.add(
                        Thread.ofPlatform()
                                .start(() -> write(engine, writer, rows, stop, interruptsSeen)));
            }
            for (int i = 0; i < INTERRUPTS; i++) {
                threads.get(random.nextInt(WRITERS)).interrupt();
                LockSupport.parkNanos(random.nextInt(2_000_000));
            }
            stop.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(Rows.of(setup, "select count(*) from t").getFirst().getFirst())
                    .as("seed " + seed)
                    .isEqualTo((long) count(acknowledged));
        }
        assertThat(count(acknowledged)).isPositive();
        assertThat(interruptsSeen.get()).as("interrupts that reached their thread").isPositive();
        try (var engine = Engine.open(EngineOptions.at(directory))) {
            var reader = engine.newSession(new RecordingServices());
            for (int writer = 0; writer < WRITERS; writer++) {
                var found = new ArrayList<Integer>();
                for (var row :
                        Rows.of(reader, "select n from t where writer = ?1 order by n", writer)) {
                    found.add((Integer) row.getFirst());
                }
                assertThat(found).as("seed " + seed).isEqualTo(acknowledged.get(writer));
            }
        }
    }

    private static void write(
            Engine engine, int writer, List<Integer> rows, AtomicBoolean stop, AtomicInteger seen) {
        try (var session = engine.newSession(new RecordingServices());
                var insert = session.prepare("insert into t values(?1, ?2, ?3)");
                var read = session.prepare("select count(*) from t where writer = ?1")) {
            for (int n = 0; !stop.get(); n++) {
                try {
                    insert.execute(new Object[] {writer, n, "x".repeat(n % 3_000)}).close();
                    read.execute(new Object[] {writer}).close();
                } catch (PgException e) {
                    assertThat(e.sqlState().code()).isEqualTo("57014");
                    session.rollback();
                    continue;
                }
                session.commit();
                engine.awaitDurable();
                rows.add(n);
                if (Thread.interrupted()) {
                    seen.incrementAndGet();
                }
            }
        }
    }

    private static int count(List<List<Integer>> rows) {
        return rows.stream().mapToInt(List::size).sum();
    }
}
