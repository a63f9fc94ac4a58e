package io.heliosdb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** kill -9 under load, again and again, loses no row that was acknowledged. */
@Timeout(300)
final class CrashTest {
    private static final int CYCLES = 20;
    private static final int ROWS_BEFORE_KILL_MAX = 400;

    @Test
    void aKilledProcessLosesNoAcknowledgedRow(@TempDir Path directory)
            throws IOException, InterruptedException {
        long seed = System.nanoTime();
        var random = new Random(seed);
        Set<Integer> acknowledged = new HashSet<>();
        int first = 0;
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            var seen = runAndKill(directory, first, 1 + random.nextInt(ROWS_BEFORE_KILL_MAX));
            acknowledged.addAll(seen);
            first += 1_000_000;
        }
        try (var engine = Engine.open(EngineOptions.at(directory))) {
            var reader = engine.newSession(new RecordingServices());
            Set<Integer> found = new HashSet<>();
            for (var row : Rows.of(reader, "select n from t")) {
                found.add((Integer) row.getFirst());
            }
            Set<Integer> lost = new HashSet<>(acknowledged);
            lost.removeAll(found);
            assertThat(lost).as("seed " + seed).isEmpty();
            assertThat(Rows.of(reader, "select count(*) from t where writer >= 0"))
                    .containsExactly(List.of((long) found.size()));
        }
    }

    private static List<Integer> runAndKill(Path directory, int first, int rows)
            throws IOException, InterruptedException {
        var command =
                List.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashingWriter.class.getName(),
                        directory.toString(),
                        Integer.toString(first));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var acknowledged = new ArrayList<Integer>();
        try (var out = new BufferedReader(process.inputReader(StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).isEqualTo("ready");
            String line = null;
            while (acknowledged.size() < rows && (line = out.readLine()) != null) {
                acknowledged.add(Integer.valueOf(line));
            }
            process.toHandle().destroyForcibly(); // Process itself would close the stream.
            // What the process had said before it died counts as well, but for a torn last line.
            String last = null;
            while ((line = out.readLine()) != null) {
                if (last != null) {
                    acknowledged.add(Integer.valueOf(last));
                }
                last = line;
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        return acknowledged;
    }
}
