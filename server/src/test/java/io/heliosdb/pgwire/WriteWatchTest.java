package io.heliosdb.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

@Timeout(30)
final class WriteWatchTest {
    @Test
    void endsAWriteThatLastsTooLong() throws Exception {
        try (var watch = new WriteWatch(Duration.ofMillis(40))) {
            var stuck = new CompletableFuture<Boolean>();
            long began = System.nanoTime();
            watch.watch(() -> stuck.complete(true)).begin();
            assertThat(stuck.get(10, TimeUnit.SECONDS)).isTrue();
            assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(40_000_000L);
        }
    }

    @Test
    void leavesWritesThatEndAndThoseOfOthers() throws Exception {
        try (var watch = new WriteWatch(Duration.ofSeconds(1))) {
            var ended = new CompletableFuture<Boolean>();
            var stuck = new CompletableFuture<Boolean>();
            var quick = watch.watch(() -> ended.complete(true));
            var slow = watch.watch(() -> stuck.complete(true));
            quick.begin();
            quick.end();
            slow.begin();
            assertThat(stuck.get(10, TimeUnit.SECONDS)).isTrue();
            assertThat(ended).isNotDone();
        }
    }
}
