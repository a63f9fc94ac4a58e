package io.heliosdb.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What workers do, on any server. */
@Timeout(60)
public abstract class WorkersContract {
    private final String name = "Jobs " + UUID.randomUUID();
    private final WorkQueue queue = new WorkQueue(name);

    /** The server of these tests. */
    protected abstract TestServer server();

    private Workers workers(int count, JobHandler handler) {
        return workers(server().port(), count, handler);
    }

    private Workers workers(int port, int count, JobHandler handler) {
        var url = server().url(port);
        var options = new WorkerOptions(count, Duration.ofMillis(50), 3, Duration.ofMillis(10));
        return Workers.start(new UrlSource(url, new Properties()), queue, options, handler);
    }

    @BeforeEach
    void createTables() throws SQLException {
        try (var connection = server().connect()) {
            queue.create(connection);
        }
        server().run("CREATE TABLE IF NOT EXISTS \"done " + name + "\" (payload text)");
    }

    private void addAll(int count) throws SQLException {
        try (var connection = server().connect()) {
            for (int i = 0; i < count; i++) {
                queue.add(connection, String.valueOf(i));
            }
        }
    }

    private void record(Job job, Connection connection) throws SQLException {
        try (var statement =
                connection.prepareStatement("INSERT INTO \"done " + name + "\" VALUES (?)")) {
            statement.setString(1, job.payload());
            statement.execute();
        }
    }

    private List<String> done() throws SQLException {
        try (var connection = server().connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT payload FROM \"done " + name + '"')) {
            var done = new ArrayList<String>();
            while (rows.next()) {
                done.add(rows.getString(1));
            }
            return done;
        }
    }

    private void awaitDone(int count) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (done().size() < count && System.nanoTime() < deadline) {
            assertThat(new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    @Test
    void eachJobIsDoneByExactlyOne() throws Exception {
        addAll(50);
        Set<String> by = ConcurrentHashMap.newKeySet();
        JobHandler first =
                (job, connection) -> {
                    by.add("first");
                    record(job, connection);
                };
        JobHandler second =
                (job, connection) -> {
                    by.add("second");
                    record(job, connection);
                };
        try (var _ = workers(3, first);
                var _ = workers(3, second)) {
            addAll(150);
            awaitDone(200);
        }
        assertThat(done()).hasSize(200);
        assertThat(by).isNotEmpty();
    }

    @Test
    void anIdleWorkerIsWokenByANewJob() throws Exception {
        try (var _ = workers(2, this::record)) {
            addAll(1);
            awaitDone(1);
            addAll(1);
            awaitDone(2);
        }
        assertThat(done()).hasSize(2);
    }

    @Test
    void theJobOfAWorkerThatDiesIsTakenOver() throws Exception {
        try (var proxy = new CuttableProxy(server().port())) {
            var begun = new CountDownLatch(1);
            var release = new CountDownLatch(1);
            JobHandler dying =
                    (job, connection) -> {
                        record(job, connection);
                        begun.countDown();
                        release.await();
                    };
            try (var _ = workers(proxy.port(), 1, dying)) {
                addAll(1);
                assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
                try (var _ = workers(1, this::record)) {
                    assertThat(done()).isEmpty();
                    proxy.freeze();
                    proxy.cut();
                    awaitDone(1);
                }
                release.countDown();
                proxy.thaw();
            }
        }
        assertThat(done()).containsExactly("0");
    }

    @Test
    void aJobThatFailsIsTriedAgainAndThenSetAside() throws Exception {
        var attempts = new AtomicInteger();
        JobHandler failing =
                (job, connection) -> {
                    record(job, connection);
                    if (job.payload().equals("0")) {
                        assertThat(job.attempt()).isEqualTo(attempts.incrementAndGet());
                        throw new IllegalStateException("this one never works");
                    }
                };
        try (var _ = workers(1, failing)) {
            addAll(2);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while ((attempts.get() < 3 || setAside().isEmpty()) && System.nanoTime() < deadline) {
                assertThat(new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS)).isFalse();
            }
            awaitDone(1);
        }
        assertThat(attempts).hasValue(3);
        assertThat(done()).containsExactly("1");
        assertThat(setAside())
                .containsExactly("java.lang.IllegalStateException: this one never works");
    }

    private List<String> setAside() throws SQLException {
        try (var connection = server().connect();
                var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "SELECT failed FROM \"" + name + "\" WHERE failed IS NOT NULL")) {
            var all = new ArrayList<String>();
            while (rows.next()) {
                all.add(rows.getString(1));
            }
            return all;
        }
    }
}
