package io.heliosdb.bench.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

final class ChangeFiguresTest {
    @TempDir Path directory;

    @Test
    void everyFigureIsMeasured() throws Exception {
        var figures = ChangeFigures.measure(directory, 2_000, 3);
        assertThat(figures.replayedPerSecond()).isPositive();
        assertThat(figures.existingPerSecond()).isPositive();
        assertThat(figures.frameP99Millis()).isPositive();
    }
}
