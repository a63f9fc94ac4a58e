package io.heliosdb.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.session.AdvisoryLocks.Request;

import org.junit.jupiter.api.Test;

/** Who gets an advisory lock, and who gives it back when. */
final class AdvisoryLocksTest {
    private static final AdvisoryLocks.Key KEY = new AdvisoryLocks.Key(1, false);
    private static final Request EXCLUSIVE = new Request(KEY, false, false);
    private static final Request SHARED = new Request(KEY, true, false);
    private static final Request LOCAL = new Request(KEY, false, true);

    private final AdvisoryLocks locks = new AdvisoryLocks();

    @Test
    void anExclusiveLockKeepsOthersOutUntilItIsGivenBackAsOftenAsItWasTaken() {
        assertThat(locks.tryLock(1, EXCLUSIVE)).isTrue();
        assertThat(locks.tryLock(1, EXCLUSIVE)).isTrue();
        assertThat(locks.tryLock(2, EXCLUSIVE)).isFalse();
        assertThat(locks.unlock(1, KEY, false)).isTrue();
        assertThat(locks.tryLock(2, SHARED)).isFalse();
        assertThat(locks.unlock(1, KEY, false)).isTrue();
        assertThat(locks.unlock(1, KEY, false)).isFalse();
        assertThat(locks.tryLock(2, EXCLUSIVE)).isTrue();
    }

    @Test
    void sharedLocksExcludeExclusiveOnesOnly() {
        assertThat(locks.tryLock(1, SHARED)).isTrue();
        assertThat(locks.tryLock(2, SHARED)).isTrue();
        assertThat(locks.tryLock(2, EXCLUSIVE)).isFalse();
        assertThat(locks.unlock(1, KEY, false)).isFalse();
        assertThat(locks.unlock(1, KEY, true)).isTrue();
        assertThat(locks.tryLock(2, EXCLUSIVE)).isTrue();
    }

    @Test
    void aPairIsAnotherLockThanANumber() {
        assertThat(locks.tryLock(1, EXCLUSIVE)).isTrue();
        assertThat(locks.tryLock(2, new Request(new AdvisoryLocks.Key(1, true), false, false)))
                .isTrue();
    }

    @Test
    void aTransactionsLockEndsWithItAndCannotBeGivenBackBefore() {
        assertThat(locks.tryLock(1, LOCAL)).isTrue();
        assertThat(locks.unlock(1, KEY, false)).isFalse();
        locks.release(1, true, false);
        assertThat(locks.tryLock(2, EXCLUSIVE)).isFalse();
        locks.release(1, false, true);
        assertThat(locks.tryLock(2, EXCLUSIVE)).isTrue();
    }

    @Test
    void whoWouldWaitForOneThatWaitsForItIsRefused() {
        var other = new Request(new AdvisoryLocks.Key(2, false), false, false);
        assertThat(locks.tryLock(1, EXCLUSIVE)).isTrue();
        assertThat(locks.tryLock(2, other)).isTrue();
        locks.waits(1, other);
        assertThatThrownBy(() -> locks.waits(2, EXCLUSIVE))
                .isInstanceOfSatisfying(
                        PgException.class,
                        e -> assertThat(e.sqlState()).isEqualTo(SqlState.DEADLOCK_DETECTED));
        locks.release(2, true, true);
        assertThat(locks.tryLock(1, other)).isTrue();
    }
}
