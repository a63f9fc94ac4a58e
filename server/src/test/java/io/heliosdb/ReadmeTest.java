package io.heliosdb;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** What the first page shows is true. */
@Timeout(120)
final class ReadmeTest {
    private static final Pattern PROGRAM =
            Pattern.compile("(?s)```java\n(import io\\.heliosdb.*?)```");

    @TempDir private Path directory;

    @Test
    void theProgramRunsAsItStands() throws Exception {
        var program = PROGRAM.matcher(Files.readString(Path.of("../README.md")));
        assertThat(program.find()).isTrue();
        assertThat(program.group(1).lines().filter(line -> !line.isBlank()).count())
                .isLessThanOrEqualTo(20);
        assertThat(run(program.group(1)))
                .contains("sales_updates")
                .contains("{\"id\":1,\"amount\":12.50}");
    }

    private String run(String program) throws IOException, InterruptedException {
        var source = Files.writeString(directory.resolve("Orders.java"), program);
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                source.toString())
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start();
        try {
            var out = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(out).isZero();
            return out;
        } finally {
            process.destroyForcibly();
        }
    }
}
