package io.heliosdb.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Pages of a real browser follow the relay, through cuts and the death of the server, and somebody
 * uses the console by keyboard; {@code browser_relay.js} says how.
 */
@Timeout(900)
final class BrowserTest {
    private static final Path SCRIPTS = Path.of("src", "test", "conformance").toAbsolutePath();
    private static final Path WORK = Path.of("target", "conformance").toAbsolutePath();
    private static final int LIMIT_SECONDS = 180;

    @TempDir private Path directory;

    @Test
    void pagesMissNothingAndGetNothingTwice() throws IOException, InterruptedException {
        Files.createDirectories(WORK);
        run("browser-install", "sh", "install.sh", WORK.resolve("node").toString());
        var said = run("browser", "node", "browser_relay.js");
        assertThat(said).contains("from before the INSERT to the page");
    }

    private String run(String name, String... command) throws IOException, InterruptedException {
        var output = WORK.resolve(name + ".log");
        var builder = new ProcessBuilder(command).directory(SCRIPTS.toFile());
        var environment = builder.environment();
        environment.put("CONFORMANCE_NODE_MODULES", WORK.resolve("node/node_modules").toString());
        environment.put("RELAY_DATA", directory.resolve("data").toString());
        environment.put("RELAY_SHOTS", WORK.resolve("shots").toString());
        environment.put(
                "RELAY_SERVE",
                Stream.of(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-Xmx256m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                "io.heliosdb.cli.HeliosCommand",
                                "serve")
                        .map(word -> '"' + word + '"')
                        .collect(Collectors.joining(",", "[", "]")));
        var process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        var said = Files.readString(output);
        assertThat(ended).as("%s ended; it said:%n%s", name, said).isTrue();
        assertThat(process.exitValue()).as("%s said:%n%s", name, said).isZero();
        return said;
    }
}
