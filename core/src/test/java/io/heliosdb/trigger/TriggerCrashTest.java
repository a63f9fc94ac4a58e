package io.heliosdb.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.HeliosDb;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** kill -9 takes no function, procedure, trigger or rule away. */
@Timeout(120)
final class TriggerCrashTest {
    @Test
    void afterKillEveryFunctionAndTriggerIsThereAndFires(@TempDir Path directory)
            throws IOException, InterruptedException {
        createAndKill(directory);
        try (var db = HeliosDb.open(directory.toString());
                var events = db.subscribe("changes", "ruled");
                var connection = db.connect()) {
            connection.execute("INSERT INTO t VALUES (2, 'b')");
            connection.execute("CALL add(3, 'c')");
            connection.execute("INSERT INTO v VALUES (4, 'd')");
            assertThat(
                            connection.query("SELECT id, b FROM t ORDER BY id").stream()
                                    .map(row -> row.asInt(0) + row.asString(1)))
                    .containsExactly("1A", "2B", "3C", "4D");
            assertThat(connection.queryRow("SELECT twice(21)").orElseThrow().asInt(0))
                    .isEqualTo(42);
            var heard = new java.util.ArrayList<String>();
            for (int i = 0; i < 6; i++) {
                heard.add(events.receive(Duration.ofSeconds(10)).orElseThrow().toString());
            }
            for (String payload : List.of("\"id\" : 2", "\"id\" : 3", "\"id\" : 4", "ruled")) {
                assertThat(heard).anyMatch(each -> each.contains(payload));
            }
            assertThat(connection.queryRow("SELECT n FROM seen").orElseThrow().asInt(0))
                    .isEqualTo(4);
        }
    }

    private static void createAndKill(Path directory) throws IOException, InterruptedException {
        var command =
                List.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashingCreator.class.getName(),
                        directory.toString());
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (var out = new BufferedReader(process.inputReader(StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).isEqualTo("done");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
