package io.heliosdb.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

@Timeout(30)
final class BytePipeTest {
    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    private final BytePipe pipe = new BytePipe(7);

    @Test
    void everyByteArrivesInOrderWhateverTheSizes() throws Exception {
        long seed = System.nanoTime();
        System.out.println("BytePipeTest seed " + seed);
        var random = new Random(seed);
        var sent = new byte[50_000];
        random.nextBytes(sent);
        var received = CompletableFuture.supplyAsync(() -> readAll(pipe.input(), seed), THREADS);

        for (int at = 0; at < sent.length; ) {
            int count = Math.min(sent.length - at, random.nextInt(20));
            pipe.output().write(sent, at, count);
            at += count;
        }
        pipe.closeWriter();

        assertThat(received.get()).isEqualTo(sent);
    }

    private static byte[] readAll(InputStream in, long seed) {
        var random = new Random(seed + 1);
        var all = new java.io.ByteArrayOutputStream();
        try {
            while (true) {
                var part = new byte[1 + random.nextInt(20)];
                int got = in.read(part);
                if (got < 0) {
                    return all.toByteArray();
                }
                all.write(part, 0, got);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void readTimesOutAndGoesOn() throws Exception {
        pipe.readTimeout(1);
        assertThatThrownBy(() -> pipe.input().read()).isInstanceOf(SocketTimeoutException.class);
        pipe.output().write(5);
        assertThat(pipe.input().available()).isEqualTo(1);
        assertThat(pipe.input().read()).isEqualTo(5);
    }

    @Test
    void readerGetsWhatIsLeftThenTheEnd() throws Exception {
        pipe.output().write(5);
        pipe.closeWriter();
        assertThat(pipe.input().read()).isEqualTo(5);
        assertThat(pipe.input().read()).isEqualTo(-1);
    }

    @Test
    void writerThatWaitsForRoomFailsWhenNobodyReadsAnyMore() throws Exception {
        var writing =
                CompletableFuture.runAsync(
                        () ->
                                assertThatThrownBy(() -> pipe.output().write(new byte[100]))
                                        .isInstanceOf(IOException.class),
                        THREADS);
        pipe.closeReader();
        writing.get();
    }

    @Test
    void endedReaderGetsTheEndAndTheWriterGoesOn() throws Exception {
        var reading = CompletableFuture.supplyAsync(() -> readAll(pipe.input(), 0), THREADS);
        pipe.endReader();
        assertThat(reading.get()).isEmpty();
        pipe.output().write(new byte[100]);
    }

    @Test
    void interruptIsKeptAndEndsNoRead() throws Exception {
        var interruptedAfterwards = new CompletableFuture<Boolean>();
        var reader =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                assertThat(pipe.input().read()).isEqualTo(9);
                                interruptedAfterwards.complete(
                                        Thread.currentThread().isInterrupted());
                            } catch (IOException e) {
                                interruptedAfterwards.completeExceptionally(e);
                            }
                        });
        reader.interrupt();
        pipe.output().write(9);
        assertThat(interruptedAfterwards.get()).isTrue();
    }
}
