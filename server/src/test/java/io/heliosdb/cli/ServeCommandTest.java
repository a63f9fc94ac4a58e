package io.heliosdb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The server as a process of its own, as users start it. */
@Timeout(120)
final class ServeCommandTest {
    private static final Pattern READY =
            Pattern.compile("ready pg=(127\\.0\\.0\\.1:\\d+) http=- pid=(\\d+)");

    @TempDir private Path directory;

    private final List<Process> processes = new ArrayList<>();

    private record Server(Process process, String url, long pid) {}

    @AfterEach
    void endAll() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void clientsConnectAfterTheReadyLineAndTermStopsItCleanly() throws Exception {
        var server = serve(Map.of(), "--data", directory.resolve("data").toString());
        assertThat(server.pid()).isEqualTo(server.process().pid());
        var ended =
                Ended.run(
                        "sql",
                        server.url(),
                        "-c",
                        "CREATE TABLE t (id INTEGER)",
                        "-c",
                        "INSERT INTO t VALUES (5)");
        assertThat(ended.out()).isEqualTo("CREATE TABLE\nINSERT 0 1\n");

        server.process().destroy();
        assertThat(server.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(server.process().exitValue()).isZero();

        var again = serve(Map.of(), "--data", directory.resolve("data").toString());
        assertThat(Ended.run("sql", again.url(), "-c", "SELECT id FROM t").out())
                .isEqualTo(" id\n----\n  5\n(1 row)\n");
    }

    @Test
    void whatOneCommandNotifiesTheOtherPrints() throws Exception {
        var server = serve(Map.of(), "--memory");
        var listener = start(Map.of(), "listen", server.url(), "Sales", "b", "--count", "2");
        var messages = new BufferedReader(new InputStreamReader(listener.getErrorStream(), UTF_8));
        assertThat(messages.readLine()).isEqualTo("listening to Sales, b");
        assertThat(Ended.run("notify", server.url(), "Sales", "a\tb\\").status()).isZero();
        assertThat(Ended.run("notify", server.url(), "b").status()).isZero();
        var lines = new BufferedReader(new InputStreamReader(listener.getInputStream(), UTF_8));
        assertThat(lines.readLine()).matches("Sales\t\\d+\ta\\\\tb\\\\\\\\");
        assertThat(lines.readLine()).matches("b\t\\d+\t");
        assertThat(listener.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(listener.exitValue()).isZero();
    }

    @Test
    void aSecondServerOfADirectoryIsToldWhoHasIt() throws Exception {
        var data = directory.resolve("data").toString();
        var owner = serve(Map.of(), "--data", data);
        var second = start(Map.of(), "serve", "--data", data, "--pg", "127.0.0.1:0");
        assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(errors(second))
                .startsWith("heliosdb: ")
                .contains(String.valueOf(owner.pid()))
                .hasLineCount(1);
    }

    @Test
    void trustIsRefusedOnAnyAddressButLoopback() throws Exception {
        var refused = start(Map.of(), "serve", "--memory", "--pg", "0.0.0.0:0");
        assertThat(refused.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(refused.exitValue()).isEqualTo(1);
        assertThat(errors(refused))
                .startsWith("heliosdb: ")
                .contains("trust", "scram-sha-256")
                .hasLineCount(1);
    }

    @Test
    void browsersGetAnAddressOfTheirOwn() throws Exception {
        var process =
                start(
                        Map.of(),
                        "serve",
                        "--memory",
                        "--pg",
                        "127.0.0.1:0",
                        "--http",
                        "127.0.0.1:0");
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        var line = Objects.requireNonNullElse(out.readLine(), "");
        var ready =
                Pattern.compile("ready pg=\\S+ http=(127\\.0\\.0\\.1:\\d+) pid=\\d+").matcher(line);
        assertThat(ready.matches()).as(line).isTrue();
        try (var http = HttpClient.newHttpClient()) {
            var request =
                    HttpRequest.newBuilder(URI.create("http://" + ready.group(1) + "/health"));
            var answer = http.send(request.build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
        }
        var second =
                start(
                        Map.of(),
                        "serve",
                        "--memory",
                        "--pg",
                        "127.0.0.1:0",
                        "--http",
                        ready.group(1));
        assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(errors(second))
                .startsWith("heliosdb: could not listen for HTTP on " + ready.group(1))
                .contains("Address already in use", "--no-http")
                .hasLineCount(1);
    }

    @Test
    void theFirstPasswordIsAskedFor() throws Exception {
        var file = Files.writeString(directory.resolve("password"), "s3cret\n");
        var environment = Map.of("HELIOSDB_PASSWORD_FILE", file.toString());
        var server = serve(environment, "--memory", "--auth", "scram-sha-256");
        var right = server.url().replace("postgres@", "postgres:s3cret@");
        assertThat(Ended.run("notify", right, "c").status()).isZero();
        var wrong = Ended.run("notify", server.url().replace("postgres@", "postgres:other@"), "c");
        assertThat(wrong.status()).isEqualTo(1);
        assertThat(wrong.err()).contains("password authentication failed for user \"postgres\"");
    }

    @Test
    void aStatementThatFailsEndsTheScriptWithItsPlace() throws Exception {
        var server = serve(Map.of(), "--memory");
        var ended =
                Ended.run(
                        "sql", server.url(), "-c", "SELECT 1", "-c", "LISTEN 5", "-c", "SELECT 2");
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.out()).isEqualTo(" ?column?\n----------\n        1\n(1 row)\n");
        assertThat(ended.err())
                .isEqualTo(
                        """
                        ERROR:  syntax error at or near "5"  (42601)
                        LINE 1: LISTEN 5
                                       ^
                        """);
    }

    @Test
    @EnabledOnOs(OS.LINUX) // where a process can be kept from writing to its files
    void aDatabaseThatFailsEndsTheProcess() throws Exception {
        var data = directory.resolve("data").toString();
        var server = serve(Map.of(), "--data", data);
        var url = server.url();
        assertThat(Ended.run("sql", url, "-c", "CREATE TABLE t (id INTEGER)").status()).isZero();
        var limit = new ProcessBuilder("prlimit", "--pid", "" + server.pid(), "--fsize=1").start();
        assertThat(limit.waitFor()).isZero();

        var ended = Ended.run("sql", url, "-c", "INSERT INTO t VALUES (1)");
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("commit outcome unknown", "57P02");
        assertThat(server.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(server.process().exitValue()).isEqualTo(1);
        assertThat(errors(server.process()))
                .contains("ERROR ServeCommand the database has failed: commit outcome unknown")
                .hasLineCount(2);

        var again = serve(Map.of(), "--data", data);
        assertThat(Ended.run("sql", again.url(), "-c", "INSERT INTO t VALUES (2)").status())
                .isZero();
    }

    private Server serve(Map<String, String> environment, String... options) throws IOException {
        var arguments = new ArrayList<>(List.of("serve", "--pg", "127.0.0.1:0", "--no-http"));
        arguments.addAll(List.of(options));
        var process = start(environment, arguments.toArray(String[]::new));
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        var line = Objects.requireNonNullElse(out.readLine(), "");
        var ready = READY.matcher(line);
        assertThat(ready.matches()).as(() -> line + errors(process)).isTrue();
        return new Server(
                process,
                "postgresql://postgres@" + ready.group(1) + "/postgres",
                Long.parseLong(ready.group(2)));
    }

    private Process start(Map<String, String> environment, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
        command.add(
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(HeliosCommand.class.getName());
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("HELIOSDB_"));
        builder.environment().putAll(environment);
        var process = builder.start();
        processes.add(process);
        return process;
    }

    private static String errors(Process process) {
        return new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8))
                .lines()
                .reduce("", (all, line) -> all + line + "\n");
    }
}
