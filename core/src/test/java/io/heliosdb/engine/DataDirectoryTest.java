package io.heliosdb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Locale;

@Timeout(120)
final class DataDirectoryTest {
    @TempDir Path parent;

    @Test
    void aSecondOpenerLearnsWhoHoldsTheDirectory() {
        Path directory = parent.resolve("sales.db");
        var options =
                new EngineOptions(
                        EngineOptions.at(directory).directory(),
                        1024,
                        4096,
                        "postgresql://here",
                        "");
        try (var engine = Engine.open(options)) {
            assertThat(engine.schema().names()).contains("public");
            assertThatThrownBy(() -> Engine.open(EngineOptions.at(directory)))
                    .isInstanceOf(PgException.class)
                    .hasMessage(
                            "data directory \""
                                    + directory
                                    + "\" is in use by process "
                                    + ProcessHandle.current().pid())
                    .satisfies(e -> {
                        var error = (PgException) e;
                        assertThat(error.sqlState().code()).isEqualTo("55006");
                        assertThat(error.hint()).hasValue("Connect to postgresql://here instead.");
                    });
        }
        Engine.open(EngineOptions.at(directory)).close();
    }

    @Test
    void aRefusedSecondOpenerLeavesTheLockToTheFirst() throws Exception {
        Path directory = parent.resolve("held.db");
        try (var engine = Engine.open(EngineOptions.at(directory))) {
            Path link = Files.createSymbolicLink(parent.resolve("link"), directory);
            assertThatThrownBy(() -> Engine.open(EngineOptions.at(link)))
                    .hasMessageContaining("is in use by process");
            assertThat(Engine.owner(directory)).containsKey("pid");
            assertThat(openedByAnotherProcess(directory))
                    .contains("is in use by process " + ProcessHandle.current().pid());
            assertThat(engine.schema().names()).contains("public");
        }
        assertThat(openedByAnotherProcess(directory)).isEqualTo("ready");
    }

    /** The first line that another process says that opens the directory. */
    private static String openedByAnotherProcess(Path directory) throws IOException {
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                CrashingWriter.class.getName(),
                                directory.toString(),
                                "0")
                        .redirectErrorStream(true)
                        .start();
        try (var lines = process.inputReader()) {
            return String.valueOf(
                    lines.lines()
                            .filter(line -> line.equals("ready") || line.contains("in use"))
                            .findFirst()
                            .orElse("nothing"));
        } finally {
            process.destroyForcibly().onExit().join();
        }
    }

    @Test
    void directoryAndFilesAreForTheOwnerAlone() throws IOException {
        Path directory = parent.resolve("private");
        Engine.open(EngineOptions.at(directory)).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        try (var files = Files.list(directory)) {
            assertThat(files.toList())
                    .isNotEmpty()
                    .allSatisfy(file ->
                            assertThat(
                                            PosixFilePermissions.toString(
                                                    Files.getPosixFilePermissions(file)))
                                    .isEqualTo(
                                            Files.isDirectory(file) ? "rwx------" : "rw-------"));
        }
    }

    @Test
    void aFileInTheWayIsNamed() throws IOException {
        Path file = Files.writeString(parent.resolve("file"), "x");
        assertThatThrownBy(() -> Engine.open(EngineOptions.at(file)))
                .isInstanceOf(PgException.class)
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> Engine.open(EngineOptions.at(file.resolve("below"))))
                .isInstanceOf(PgException.class)
                .hasMessageContaining("below");
    }

    @Test
    void aFileThatIsNoDatabaseIsNotTouched() throws IOException {
        Path directory = Files.createDirectory(parent.resolve("broken"));
        byte[] content = new byte[10_000];
        Arrays.fill(content, (byte) 'x');
        Path file = Files.write(directory.resolve("heliosdb.mv.db"), content);
        assertThatThrownBy(() -> Engine.open(EngineOptions.at(directory)))
                .isInstanceOf(PgException.class)
                .hasMessageContaining(directory.toString());
        assertThat(Files.readAllBytes(file)).isEqualTo(content);
    }

    @Test
    void theFileNamesNoClass() throws IOException {
        Path directory = parent.resolve("plain");
        try (var engine = Engine.open(EngineOptions.at(directory))) {
            var session = engine.newSession(new RecordingServices());
            session.execute("create table t(a int primary key, id uuid default gen_random_uuid())");
            session.execute("alter table t add column b int");
        }
        String file =
                Files.readString(directory.resolve("heliosdb.mv.db"), StandardCharsets.ISO_8859_1);
        assertThat(file.toLowerCase(Locale.ROOT)).doesNotContain("io.heliosdb", "io/heliosdb");
    }

    @Test
    void aDirectoryThatCannotBeMadeIsRefusedWithItsCauseAndAHint() throws Exception {
        Path file = Files.writeString(parent.resolve("file"), "");
        Path path = file.resolve("inside");
        assertThatThrownBy(() -> Engine.open(EngineOptions.at(path)))
                .isInstanceOfSatisfying(
                        PgException.class,
                        e -> {
                            assertThat(e.sqlState().code()).isEqualTo("58030");
                            assertThat(e.report().hint()).startsWith("Give a directory");
                        })
                .hasMessage("could not open data directory \"" + path + "\": Not a directory");
    }

    @Test
    void closeIsIdempotentAndEndsSessions() {
        var engine = Engine.open(EngineOptions.at(parent.resolve("twice")));
        var session = engine.newSession(new RecordingServices());
        session.execute("create table t(a int)");
        engine.close();
        engine.close();
        session.close();
        assertThatThrownBy(() -> session.execute("insert into t values(1)"))
                .isInstanceOf(PgException.class);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("heliosdb-"));
    }
}
