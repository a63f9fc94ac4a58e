package io.heliosdb.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

/** Whom a flush waits for, and for how long. */
class CompanyTest {
    private static final long SLOW = TimeUnit.MILLISECONDS.toNanos(8);
    private static final long FAST = TimeUnit.MICROSECONDS.toNanos(80);
    private static final long NOW = 1_000;

    private final Company company = new Company();

    @Test
    void onASlowDiskTheNextFlushWaitsForThoseOfTheLast() {
        arrive(3);
        company.begun();
        arrive(1); // While it was written.
        company.ended(SLOW, NOW);
        arrive(2);
        assertThat(company.isExpected(NOW)).isTrue();
        assertThat(company.leftNanos(NOW)).isEqualTo(SLOW / 4);
        assertThat(company.isExpected(NOW + SLOW / 4)).isFalse();
        arrive(1);
        assertThat(company.isExpected(NOW)).isFalse();
    }

    @Test
    void whoIsAloneIsNotKeptWaiting() {
        flushFor(1, SLOW);
        assertThat(company.isExpected(NOW)).isFalse();
        flushFor(1, SLOW);
        assertThat(company.isExpected(NOW)).isFalse();
    }

    @Test
    void onAFastDiskNobodyIsKeptWaiting() {
        flushFor(5, FAST);
        assertThat(company.isExpected(NOW)).isFalse();
    }

    @Test
    void afterAWaitInVainTheNextFlushesBeginAtOnce() {
        flushFor(5, SLOW);
        assertThat(company.isExpected(NOW)).isTrue();
        for (int i = 0; i < 8; i++) {
            flushFor(2, SLOW);
            assertThat(company.isExpected(NOW)).isFalse();
        }
        flushFor(2, SLOW);
        assertThat(company.isExpected(NOW)).isTrue();
    }

    private void flushFor(int writers, long nanos) {
        arrive(writers);
        company.begun();
        company.ended(nanos, NOW);
    }

    private void arrive(int writers) {
        for (int i = 0; i < writers; i++) {
            company.arrived();
        }
    }
}
