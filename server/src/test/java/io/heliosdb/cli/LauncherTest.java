package io.heliosdb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The launcher itself, in a copy of the house whose JDK only says what it was called with. */
@Timeout(120)
final class LauncherTest {
    @TempDir private Path directory;

    private Path house;
    private Path jdk;

    @BeforeEach
    void build() throws IOException {
        house = Files.createDirectories(directory.resolve("a house"));
        Files.copy(Path.of("../heliosdb"), house.resolve("heliosdb"));
        Files.setPosixFilePermissions(
                house.resolve("heliosdb"), PosixFilePermissions.fromString("rwxr-xr-x"));
        var target = Files.createDirectories(house.resolve("server/target"));
        Files.createFile(target.resolve("heliosdb.jar"));
        jdk = jdk("25.0.1", "for argument; do printf '<%s>' \"$argument\"; done; exit 7");
    }

    @Test
    void theProgramGetsItsArgumentsAndReturnsItsStatus() throws Exception {
        var ended = run(house.resolve("heliosdb"), Map.of(), "notify", "a b", "");
        assertThat(ended.status()).isEqualTo(7);
        assertThat(ended.out())
                .contains("<-Xmx512m>")
                .endsWith(
                        "<-jar><"
                                + house.resolve("server/target/heliosdb.jar")
                                + "><notify><a b><>");
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void aLinkLeadsToTheHouse() throws Exception {
        var link = Files.createSymbolicLink(directory.resolve("link"), Path.of("a house/heliosdb"));
        var second = Files.createSymbolicLink(directory.resolve("second"), link);
        assertThat(run(second, Map.of(), "demo").out())
                .endsWith("/a house/server/target/heliosdb.jar><demo>");
    }

    @Test
    void theHeapIsTheMemoryLimitOfTheFile() throws Exception {
        var file =
                Files.writeString(
                        directory.resolve("my config.toml"),
                        """
                        [pubsub]
                        memory_limit_mb = 1
                        [database] # here
                          memory_limit_mb = 1_024 # MB
                        """);
        assertThat(
                        run(
                                        house.resolve("heliosdb"),
                                        Map.of(),
                                        "serve",
                                        "--config",
                                        file.toString())
                                .out())
                .contains("<-Xmx1024m>");
        assertThat(run(house.resolve("heliosdb"), Map.of(), "serve", "--config=" + file).out())
                .contains("<-Xmx1024m>");
    }

    @Test
    void theEnvironmentComesBeforeTheFile() throws Exception {
        var file =
                Files.writeString(
                        directory.resolve("config.toml"), "[database]\nmemory_limit_mb = 64\n");
        var environment = Map.of("HELIOSDB_DATABASE_MEMORY_LIMIT_MB", "32");
        assertThat(
                        run(
                                        house.resolve("heliosdb"),
                                        environment,
                                        "serve",
                                        "--config",
                                        file.toString())
                                .out())
                .contains("<-Xmx32m>");
    }

    @Test
    void anOldJdkIsRefusedInOneLine() throws Exception {
        var old = jdk("17.0.15", "echo should not run");
        var ended =
                run(
                        house.resolve("heliosdb"),
                        Map.of("HELIOSDB_JAVA_HOME", old.toString()),
                        "demo");
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err())
                .isEqualTo("heliosdb: HELIOSDB_JAVA_HOME=" + old + " is not a JDK 25 or later\n");
    }

    @Test
    void optionsOfTheUserReachTheJvm() throws Exception {
        assertThat(
                        run(
                                        house.resolve("heliosdb"),
                                        Map.of("HELIOSDB_JAVA_OPTS", "-Da=1 -Db=2"),
                                        "demo")
                                .out())
                .startsWith("<-Da=1><-Db=2>");
    }

    private Path jdk(String version, String script) throws IOException {
        var home = Files.createDirectories(directory.resolve("jdk " + version));
        Files.writeString(
                home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        var java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }

    private Ended run(Path launcher, Map<String, String> environment, String... arguments)
            throws Exception {
        var command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        var out = directory.resolve("out");
        var err = directory.resolve("err");
        var builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().put("HELIOSDB_JAVA_HOME", jdk.toString());
        builder.environment().putAll(environment);
        var process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
