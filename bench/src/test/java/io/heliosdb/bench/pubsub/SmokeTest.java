package io.heliosdb.bench.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every benchmark runs; what it measures in so short a time means nothing. */
class SmokeTest {
    @Test
    void everyBenchmarkRuns() throws RunnerException {
        var options =
                new OptionsBuilder()
                        .include("io\\.heliosdb\\.bench\\.pubsub\\..*")
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(10))
                        .verbosity(VerboseMode.SILENT)
                        .shouldFailOnError(true)
                        .build();
        assertThat(new Runner(options).run()).isNotEmpty();
    }

    @Test
    void everyFigureIsMeasured() throws InterruptedException {
        var rows = PubSubFigures.measure(0.02);
        rows.forEach(System.out::println);
        assertThat(rows).hasSize(12);
    }
}
