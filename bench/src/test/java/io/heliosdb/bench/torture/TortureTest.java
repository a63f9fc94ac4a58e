package io.heliosdb.bench.torture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/**
 * A database whose process is killed keeps what it has acknowledged; {@code bench/torture} is
 * longer.
 */
@Timeout(180)
class TortureTest {
    private static final int CYCLES = 5;

    @Test
    void whatWasAcknowledgedIsThereAfterEveryKill(@TempDir Path parent)
            throws IOException, InterruptedException {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        var summary = Torture.run(CYCLES, parent, seed);
        assertThat(summary.cycles()).isEqualTo(CYCLES);
        assertThat(summary.acknowledged()).isPositive();
        assertThat(summary.notifications()).isEqualTo(2 * summary.present());
    }
}
