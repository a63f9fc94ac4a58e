package io.heliosdb.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.engine.EngineOptions;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Transactions, LISTEN and NOTIFY, limits and cancel, as a session shows them to any client. */
@Timeout(60)
class SessionTest {
    private Instance instance;
    private Client a;
    private Client b;

    @BeforeEach
    void open() {
        instance = Instance.open(InstanceOptions.of(EngineOptions.inMemory()));
        a = new Client(instance);
        b = new Client(instance);
    }

    @AfterEach
    void close() {
        instance.close();
    }

    @Test
    void aQueryStringIsOneTransaction() {
        a.run("create table t (i int primary key)");
        assertThat(
                        a.run(
                                "insert into t values (1); insert into t values (2); insert into t"
                                        + " values (1)"))
                .startsWith("INSERT 0 1", "INSERT 0 1")
                .last()
                .asString()
                .startsWith("ERROR 23505");
        assertThat(a.run("select count(*) from t")).containsExactly("[0]", "SELECT 1");
    }

    @Test
    void aFailedBlockTakesOnlyItsEnd() {
        a.run("begin");
        assertThat(a.run("select 1/0").getFirst()).startsWith("ERROR 22012");
        assertThat(a.session.status()).isEqualTo(TransactionStatus.FAILED);
        assertThat(a.run("select 1"))
                .containsExactly(
                        "ERROR 25P02 current transaction is aborted, commands ignored until end of"
                                + " transaction block");
        assertThat(a.run("commit")).containsExactly("ROLLBACK");
        assertThat(a.session.status()).isEqualTo(TransactionStatus.IDLE);
    }

    @Test
    void aFailedBlockHoldsNoRows() {
        a.run("create table held (n int); insert into held values (1), (2)");
        a.run("begin; update held set n = 11 where n = 1");
        assertThat(a.run("select 1/0").getFirst()).startsWith("ERROR 22012");
        assertThat(b.run("set lock_timeout = '5s'; update held set n = 3 where n = 1"))
                .endsWith("UPDATE 1");
        a.run("rollback");
        a.run("begin; update held set n = 4 where n = 3; savepoint s");
        assertThat(a.run("update held set n = 5 where n = 2; select 1/0").getLast())
                .startsWith("ERROR 22012");
        assertThat(b.run("update held set n = 6 where n = 2")).endsWith("UPDATE 1");
        assertThat(b.run("set lock_timeout = '50ms'; update held set n = 7 where n = 3").getLast())
                .startsWith("ERROR 55P03");
        a.run("rollback to s; commit");
        assertThat(b.run("select n from held order by n")).contains("[4]", "[6]");
    }

    @Test
    void aSavepointUndoesRowsNotificationsAndSettings() {
        a.run("create table t (i int)");
        b.run("listen c");
        a.run("begin; insert into t values (1); notify c, 'kept'; savepoint s");
        a.run("insert into t values (2); notify c, 'undone'; set statement_timeout = '7s'");
        a.run("rollback to s");
        assertThat(a.session.setting("statement_timeout")).isEqualTo("0");
        a.run("commit");
        assertThat(b.payloads()).containsExactly("c=kept");
        assertThat(b.run("select i from t")).containsExactly("[1]", "SELECT 1");
    }

    @Test
    void notificationsGoOutAtCommitWithTheSendersPid() {
        b.run("listen c");
        a.run("begin; notify c, '1'; select pg_notify('c', '2')");
        assertThat(b.delivered()).isEmpty();
        a.run("commit");
        assertThat(b.delivered())
                .containsExactly("c=1 from " + a.session.pid(), "c=2 from " + a.session.pid());
    }

    @Test
    void aRolledBackTransactionTellsNobody() {
        b.run("listen c");
        a.run("begin; notify c, 'x'; rollback");
        a.run("notify c, 'y'; select 1/0");
        assertThat(b.delivered()).isEmpty();
    }

    @Test
    void listenTakesEffectAtCommit() {
        a.run("begin; listen c");
        assertThat(a.run("select * from pg_listening_channels()")).containsExactly("SELECT 0");
        b.run("notify c, 'before'");
        a.run("commit");
        b.run("notify c, 'after'");
        assertThat(a.payloads()).containsExactly("c=after");
        assertThat(a.run("select * from pg_listening_channels()"))
                .containsExactly("[c]", "SELECT 1");
    }

    @Test
    void aSessionHearsItself() {
        assertThat(a.run("listen c; notify c, 'x'")).containsExactly("LISTEN", "NOTIFY");
        assertThat(a.payloads()).containsExactly("c=x");
    }

    @Test
    void aTriggerNotifiesInTheTransactionThatFiresIt() {
        a.run("create table orders (id int primary key, amount numeric(10,2))");
        a.run(
                "create trigger n after insert on orders begin select notify('sales',"
                        + " json_object('id', new.id, 'amount', new.amount)); end");
        b.run("listen sales");
        a.run("begin; insert into orders values (1, 9.5); rollback");
        a.run("insert into orders values (2, 12), (3, 7.25)");
        assertThat(b.payloads())
                .containsExactly(
                        "sales={\"id\":2,\"amount\":12.00}", "sales={\"id\":3,\"amount\":7.25}");
    }

    @Test
    void aTriggerIsUndoneWithItsTransaction() {
        a.run("create table t (i int)");
        b.run("listen c");
        a.run(
                "begin; create trigger n after insert on t begin select notify('c', 'x'); end;"
                        + " rollback");
        a.run("insert into t values (1)");
        assertThat(b.delivered()).isEmpty();
    }

    @Test
    void aDefinitionCommitsWhatCameBeforeItAndSaysSo() {
        b.run("listen c");
        a.run("begin; notify c, 'x'");
        a.run("create table t (i int)");
        assertThat(a.notices).extracting(report -> report.sqlState().code()).contains("01000");
        assertThat(b.payloads()).containsExactly("c=x");
        a.run("rollback");
        assertThat(a.run("select count(*) from t")).containsExactly("[0]", "SELECT 1");
    }

    @Test
    void parametersAreBound() {
        a.run("create table t (i int, s text)");
        assertThat(a.run("insert into t values ($1, $2)", 7, "seven"))
                .containsExactly("INSERT 0 1");
        assertThat(a.run("select s from t where i = $1", 7)).containsExactly("[seven]", "SELECT 1");
    }

    @Test
    void aBatchIsOneTransaction() {
        b.run("listen c");
        a.log.clear();
        var notify = a.session.parse("n", "select pg_notify('c', $1)", new int[0]);
        a.session.execute(a.session.bind("", notify, List.of("1")), 0, a);
        a.session.execute(a.session.bind("", notify, List.of("1")), 0, a);
        assertThat(b.delivered()).isEmpty();
        a.session.sync();
        assertThat(b.payloads()).containsExactly("c=1");
    }

    @Test
    void aPortalStopsAtItsLimitAndGoesOn() {
        var three = a.session.parse("", "values (1), (2), (3)", new int[0]);
        var portal = a.session.bind("p", three, List.of());
        a.log.clear();
        a.session.execute(portal, 2, a);
        a.session.execute(portal, 2, a);
        assertThat(a.log).containsExactly("[1]", "[2]", "suspended", "[3]", "SELECT 1");
        a.session.sync();
    }

    @Test
    void aStatementTimeoutEndsASleep() {
        a.run("set statement_timeout = 50");
        assertThat(a.run("select pg_sleep(30)"))
                .containsExactly("ERROR 57014 canceling statement due to statement timeout");
        assertThat(a.run("select 1")).containsExactly("[1]", "SELECT 1");
    }

    @Test
    void aCancelEndsAWaitForARowLock() throws InterruptedException {
        a.run("create table t (i int primary key, n int); insert into t values (1, 0)");
        a.run("begin; update t set n = 1 where i = 1");
        var waiting = Thread.ofVirtual().start(() -> b.run("update t set n = 2 where i = 1"));
        while (waiting.isAlive()) {
            instance.cancel(b.session.pid(), b.session.secretKey());
            waiting.join(10);
        }
        assertThat(b.log).containsExactly("ERROR 57014 canceling statement due to user request");
        a.run("commit");
        assertThat(b.run("select n from t")).containsExactly("[1]", "SELECT 1");
    }

    @Test
    void aCancelBetweenTheStepsOfABatchHitsTheNextStep() {
        var prepared = a.session.parse("", "select 1", new int[0]);
        a.session.cancel();
        assertThatThrownBy(() -> a.session.bind("", prepared, List.of()))
                .isInstanceOf(PgException.class)
                .hasMessage("canceling statement due to user request");
        a.session.sync();
        a.session.cancel();
        assertThat(a.run("select 1")).containsExactly("[1]", "SELECT 1");
    }

    @Test
    void aLockTimeoutEndsAWaitForARowLock() {
        a.run("create table t (i int primary key, n int); insert into t values (1, 0)");
        a.run("begin; update t set n = 1 where i = 1");
        b.run("set lock_timeout = 50");
        assertThat(b.run("update t set n = 2 where i = 1"))
                .containsExactly("ERROR 55P03 canceling statement due to lock timeout");
    }

    @Test
    void anIdleTransactionIsEnded() throws InterruptedException {
        b.run("create table t (i int)");
        a.run("set idle_in_transaction_session_timeout = 30");
        a.run("begin; insert into t values (1)");
        assertThat(a.terminated.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(a.reason())
                .hasMessage("terminating connection due to idle-in-transaction timeout");
        assertThat(b.run("select count(*) from t")).containsExactly("[0]", "SELECT 1");
    }

    @Test
    void twoPhaseCommitIsSwitchedOff() {
        a.run("begin; notify c");
        assertThat(a.run("prepare transaction 'x'"))
                .containsExactly("ERROR 55000 prepared transactions are disabled");
        assertThat(a.session.status()).isEqualTo(TransactionStatus.IDLE);
    }

    @Test
    void chainedTransactionsKeepTheirModes() {
        a.run("begin isolation level repeatable read read only; commit and chain");
        assertThat(a.run("show transaction_isolation"))
                .containsExactly("[repeatable read]", "SHOW");
        assertThat(a.run("show transaction_read_only")).containsExactly("[on]", "SHOW");
        assertThat(a.session.status()).isEqualTo(TransactionStatus.IN_BLOCK);
    }

    @Test
    void aReadOnlyTransactionRefusesToWriteButNotifies() {
        a.run("create table t (i int)");
        b.run("listen c");
        a.run("begin read only");
        a.run("notify c, 'x'");
        assertThat(a.run("insert into t values (1)"))
                .containsExactly("ERROR 25006 cannot execute INSERT in a read-only transaction");
        a.run("rollback");
        a.run("begin read only; notify c, 'y'; commit");
        assertThat(b.payloads()).containsExactly("c=y");
    }

    @Test
    void discardAllForgetsEverythingOfTheSession() {
        a.run("listen c; set statement_timeout = 5000");
        a.run("prepare p as select 1");
        assertThat(a.run("discard all")).contains("DISCARD ALL");
        assertThat(a.run("select * from pg_listening_channels()")).containsExactly("SELECT 0");
        assertThat(a.session.setting("statement_timeout")).isEqualTo("0");
        assertThat(a.run("execute p").getFirst()).startsWith("ERROR 26000");
        a.run("begin");
        assertThat(a.run("discard all"))
                .containsExactly("ERROR 25001 DISCARD ALL cannot run inside a transaction block");
    }

    @Test
    void preparedStatementsOfSqlRun() {
        a.run("prepare p (int, text) as select $1 + 1, $2");
        assertThat(a.run("execute p (41, 'x')")).containsExactly("[42, x]", "SELECT 1");
        assertThat(a.run("deallocate p")).containsExactly("DEALLOCATE");
    }

    @Test
    void rolesHaveVerifiersNotPasswords() {
        a.run("create role app login password 'secret'");
        assertThat(instance.verifier("app"))
                .hasValueSatisfying(v -> assertThat(v).startsWith("SCRAM-SHA-256$"));
        assertThat(a.run("create role app").getFirst())
                .isEqualTo("ERROR 42710 role \"app\" already exists");
        a.run("begin; alter role app password null; rollback");
        assertThat(instance.verifier("app")).isPresent();
        a.run("drop role app");
        assertThat(instance.verifier("app")).isEmpty();
    }

    @Test
    void anUnknownRoleOrDatabaseIsRefused() {
        assertThatThrownBy(() -> new Client(instance, "nobody", Map.of()))
                .isInstanceOfSatisfying(
                        PgException.class,
                        e ->
                                assertThat(e.sqlState())
                                        .isEqualTo(SqlState.INVALID_AUTHORIZATION_SPECIFICATION))
                .hasMessage("role \"nobody\" does not exist");
    }

    @Test
    void anInsertThatMayReplaceSurvivesRaces() throws InterruptedException {
        a.run("create table counter (k text primary key, n int)");
        var threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] =
                    Thread.ofPlatform()
                            .start(() -> {
                                try (var client = new Client(instance)) {
                                    for (int j = 0; j < 200; j++) {
                                        var done =
                                                client.run(
                                                        "insert into counter values ('k"
                                                                + j % 10
                                                                + "', 1) on conflict (k) do update"
                                                                + " set n = counter.n + 1");
                                        if (!done.equals(List.of("INSERT 0 1"))) {
                                            throw new AssertionError(done);
                                        }
                                    }
                                }
                            });
        }
        for (var thread : threads) {
            thread.join();
        }
        assertThat(a.run("select sum(n) from counter")).containsExactly("[800]", "SELECT 1");
    }
}
