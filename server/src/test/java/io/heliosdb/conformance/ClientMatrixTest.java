package io.heliosdb.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.differential.Target;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Each client of src/test/conformance does the main job on each server. What is not installed is
 * installed; what cannot be installed fails.
 */
@Timeout(1200)
final class ClientMatrixTest {

    private static final Path SCRIPTS = Path.of("src", "test", "conformance").toAbsolutePath();
    private static final Path WORK = Path.of("target", "conformance").toAbsolutePath();
    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(5);
    private static final Duration CLIENT_LIMIT = Duration.ofSeconds(90);

    private static final List<String> PYTHON =
            List.of(
                    "psql_client.py",
                    "psycopg2_client.py",
                    "psycopg3_client.py",
                    "asyncpg_client.py");
    private static final List<String> NODE =
            List.of("node_postgres_client.js", "postgres_js_client.js");

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Files.createDirectories(WORK);
        run(
                "install",
                INSTALL_LIMIT,
                Map.of(),
                "sh",
                "install.sh",
                WORK.resolve("node").toString());
    }

    @TestFactory
    Stream<DynamicTest> clientsWork() {
        return Target.all().flatMap(ClientMatrixTest::clients);
    }

    private static Stream<DynamicTest> clients(Target target) {
        // Debian's python, whichever else stands first on the path: its packages are there.
        Stream<List<String>> python = PYTHON.stream().map(s -> List.of("/usr/bin/python3", s));
        Stream<List<String>> node = NODE.stream().map(s -> List.of("node", s));
        return Stream.concat(python, node)
                .map(command ->
                        DynamicTest.dynamicTest(
                                title(command, target), () -> run(command, target)));
    }

    private static String title(List<String> command, Target target) {
        return command.getLast().replaceFirst("_client\\..*", "") + " on " + target;
    }

    private static void run(List<String> command, Target target)
            throws IOException, InterruptedException {
        String name = title(command, target).replaceAll("[^A-Za-z0-9]+", "-");
        run(name, CLIENT_LIMIT, environment(target), command.toArray(String[]::new));
    }

    private static Map<String, String> environment(Target target) {
        return Map.ofEntries(
                Map.entry("PGHOST", target.host()),
                Map.entry("PGPORT", Integer.toString(target.port())),
                Map.entry("PGUSER", target.user()),
                Map.entry("PGDATABASE", target.database()),
                Map.entry("PGSSLMODE", "disable"),
                Map.entry("PGCLIENTENCODING", "UTF8"),
                Map.entry("PYTHONDONTWRITEBYTECODE", "1"),
                Map.entry("PYTHONIOENCODING", "utf-8"),
                Map.entry("CONFORMANCE_SALES_TABLE", Target.SALES_TABLE),
                Map.entry("CONFORMANCE_SALES_TRIGGER", target.salesTrigger()),
                Map.entry("CONFORMANCE_SCRAM_PORT", Integer.toString(target.scram().port())),
                Map.entry("CONFORMANCE_SCRAM_USER", target.scram().user()),
                Map.entry("CONFORMANCE_SCRAM_PASSWORD", target.scram().password()),
                Map.entry(
                        "CONFORMANCE_NODE_MODULES", WORK.resolve("node/node_modules").toString()));
    }

    private static void run(
            String name, Duration limit, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        Path output = WORK.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command).directory(SCRIPTS.toFile());
        builder.environment().putAll(environment);
        Process process =
                builder.redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectOutput(output.toFile())
                        .start();
        boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        String said = Files.readString(output);
        assertThat(ended).as("%s ended within %s; it said:%n%s", name, limit, said).isTrue();
        assertThat(process.exitValue()).as("%s said:%n%s", name, said).isZero();
    }
}
