package io.heliosdb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Severity;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

final class FlusherTest {
    private static final int WAITERS = 50;

    @Test
    void allThatWaitShareTheNextFlush() throws InterruptedException {
        var flushes = new AtomicInteger();
        var entered = new Semaphore(0);
        var mayFinish = new Semaphore(0);
        var flusher =
                new Flusher(
                        () -> {
                            flushes.incrementAndGet();
                            entered.release();
                            mayFinish.acquireUninterruptibly();
                        },
                        "test-flusher");
        var first = Thread.ofVirtual().start(flusher::awaitDurable);
        entered.acquire();
        var others = new ArrayList<Thread>();
        var done = new CountDownLatch(WAITERS);
        for (int i = 0; i < WAITERS; i++) {
            others.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                flusher.awaitDurable();
                                done.countDown();
                            }));
        }
        Waits.until(() -> others.stream().allMatch(t -> t.getState() == Thread.State.WAITING));
        assertThat(done.getCount()).as("the flush that runs began before them").isEqualTo(WAITERS);
        mayFinish.release(2);
        done.await();
        first.join();
        assertThat(flushes).hasValue(2);
        flusher.close();
    }

    @Test
    void aFailedFlushEndsItForAll() {
        var flusher =
                new Flusher(
                        () -> {
                            throw new IllegalStateException("disk on fire");
                        },
                        "test-flusher");
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(flusher::awaitDurable)
                    .isInstanceOf(PgException.class)
                    .hasMessage("commit outcome unknown")
                    .satisfies(e -> {
                        var report = ((PgException) e).report();
                        assertThat(report.sqlState().code()).isEqualTo("57P02");
                        assertThat(report.severity()).isEqualTo(Severity.FATAL);
                        assertThat(report.detail()).contains("disk on fire");
                    });
        }
        flusher.close();
    }

    @Test
    void anInterruptDoesNotEndTheWait() {
        var flusher = new Flusher(() -> {}, "test-flusher");
        Thread.currentThread().interrupt();
        flusher.awaitDurable();
        assertThat(Thread.interrupted()).isTrue();
        flusher.close();
        assertThatThrownBy(flusher::awaitDurable).isInstanceOf(PgException.class);
    }
}
