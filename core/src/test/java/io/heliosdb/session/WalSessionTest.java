package io.heliosdb.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.engine.EngineOptions;
import io.heliosdb.engine.WalOptions;
import io.heliosdb.log.LogOptions;
import io.heliosdb.pg.Lsn;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Checkpoints, positions of the log and durability, as a session asks for them. */
@Timeout(60)
class WalSessionTest {
    private static final WalOptions RARELY =
            WalOptions.defaults().withCheckpoints(1L << 30, Duration.ofHours(1));

    @TempDir private Path parent;
    private Instance instance;
    private Client client;

    @AfterEach
    void close() {
        instance.close();
    }

    @Test
    void checkpointWritesTheStoreAndIsForSuperusers() {
        open(RARELY);
        client.run("create table t (i int); create role guest login");
        long before = requested();
        assertThat(client.run("checkpoint")).containsExactly("CHECKPOINT");
        assertThat(client.run("begin; insert into t values (1); checkpoint; commit"))
                .containsExactly("BEGIN", "INSERT 0 1", "CHECKPOINT", "COMMIT");
        assertThat(requested()).isEqualTo(before + 2);
        client.run("set role guest");
        assertThat(client.run("checkpoint"))
                .containsExactly(
                        "ERROR 42501 must be superuser or have privileges of pg_checkpoint to do"
                                + " CHECKPOINT");
    }

    @Test
    void aCheckpointComesWhenTheLogHasGrown() {
        open(RARELY.withCheckpoints(50_000, Duration.ofHours(1)));
        client.run("create table t (i int, x text)");
        long before = requested();
        long begin = logEnd();
        while (requested() < before + 5) {
            client.run("insert into t values (1, repeat('x', 5000))");
        }
        assertThat(logEnd() - begin).as("five, one after each 50,000 bytes").isGreaterThan(200_000);
        assertThat(instance.engine().checkpoints().orElseThrow().timed()).isZero();
    }

    @Test
    void aCheckpointComesAWhileAfterAChangeAndOnlyThen() {
        open(RARELY.withCheckpoints(1L << 30, Duration.ofMillis(50)));
        client.run("create table t (i int)");
        client.run("insert into t values (1)");
        await(() -> timed() >= 1);
        client.run("select * from t");
        long first = timed();
        client.run("insert into t values (2)");
        await(() -> timed() >= first + 1);
    }

    @Test
    void positionsOfTheLogGrowWithIt() {
        open(RARELY);
        client.run("create table t (i int)");
        assertThat(client.run("select pg_current_wal_lsn() = pg_current_wal_insert_lsn()"))
                .startsWith("[true]");
        var before = position("pg_current_wal_insert_lsn()");
        client.run("insert into t values (1)");
        var after = position("pg_current_wal_flush_lsn()");
        assertThat(after).isGreaterThan(before);
        assertThat(client.run("select pg_wal_lsn_diff('" + after + "', '" + before + "')"))
                .containsExactly("[" + (after.value() - before.value()) + "]", "SELECT 1");
        assertThat(client.run("select pg_walfile_name('0/400001'), pg_walfile_name('0/400000')"))
                .containsExactly("[0000000000000001.log, 0000000000000000.log]", "SELECT 1");
    }

    @Test
    void aPositionThatIsNoneIsRefused() {
        open(RARELY);
        assertThat(client.run("select pg_wal_lsn_diff('0/10', '0/1F')"))
                .containsExactly("[-15]", "SELECT 1");
        assertThat(client.run("select pg_wal_lsn_diff('1/0', '0/0')"))
                .containsExactly("[4294967296]", "SELECT 1");
        assertThat(client.run("select pg_wal_lsn_diff('x', '0/1')"))
                .containsExactly("ERROR 22P02 invalid input syntax for type pg_lsn: \"x\"");
    }

    @Test
    void withoutALogPositionsAreRefused() {
        instance = Instance.open(InstanceOptions.of(EngineOptions.inMemory()));
        client = new Client(instance);
        assertThat(client.run("select pg_current_wal_lsn()"))
                .containsExactly("ERROR 55000 this database keeps no log");
        assertThat(client.run("checkpoint")).containsExactly("CHECKPOINT");
    }

    @ParameterizedTest
    @CsvSource({
        "set synchronous_commit = on, true",
        "set synchronous_commit = local, true",
        "set synchronous_commit = remote_apply, true",
        "set synchronous_commit = off, false"
    })
    void aCommitWaitsForTheDiskAsTheSessionWants(String setting, boolean waits) {
        openThatWritesLate();
        client.run(setting);
        client.run("insert into t values (1)");
        assertThat(isOnDisk()).isEqualTo(waits);
    }

    @Test
    void aCommitWaitsForTheDiskAsTheTransactionWants() {
        openThatWritesLate();
        client.run("begin; set local synchronous_commit = off; insert into t values (1); commit");
        assertThat(isOnDisk()).isFalse();
        client.run("insert into t values (2)");
        assertThat(isOnDisk()).isTrue();
        client.run("set synchronous_commit = off");
        client.run("begin; set local synchronous_commit = on; insert into t values (3); commit");
        assertThat(isOnDisk()).isTrue();
        client.run("insert into t values (4)");
        assertThat(isOnDisk()).isFalse();
    }

    @Test
    void aRoleOfTheConnectionMayChooseToo() {
        openThatWritesLate();
        try (var late = new Client(instance, "postgres", Map.of("synchronous_commit", "off"))) {
            late.run("insert into t values (1)");
            assertThat(isOnDisk()).isFalse();
        }
    }

    /** Nothing is written within an hour that nobody waits for. */
    private void openThatWritesLate() {
        open(RARELY.withLog(LogOptions.defaults().withUnflushed(32 << 20, Duration.ofHours(1))));
        client.run("create table t (i int)");
    }

    private boolean isOnDisk() {
        var log = instance.engine().log().orElseThrow();
        return log.flushed().equals(log.end());
    }

    private void open(WalOptions wal) {
        var options = EngineOptions.at(parent.resolve("db")).withWal(Optional.of(wal));
        instance = Instance.open(InstanceOptions.of(options));
        client = new Client(instance);
    }

    private Lsn position(String function) {
        List<String> rows = client.run("select " + function);
        return Lsn.parse(rows.getFirst().replaceAll("[\\[\\]]", ""));
    }

    private long logEnd() {
        return instance.engine().log().orElseThrow().end().value();
    }

    private long requested() {
        return instance.engine().checkpoints().orElseThrow().requested();
    }

    private long timed() {
        return instance.engine().checkpoints().orElseThrow().timed();
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }
}
