package io.heliosdb.bench.commit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;

/** The figures can be measured; what so short a time gives means nothing. */
class CommitFiguresTest {
    @Test
    void everyFigureIsMeasured() throws IOException, InterruptedException {
        var rows = CommitFigures.measure(0.05);
        rows.forEach(System.out::println);
        assertThat(rows).hasSize(5).noneMatch(row -> row.contains("| 0 |"));
    }
}
