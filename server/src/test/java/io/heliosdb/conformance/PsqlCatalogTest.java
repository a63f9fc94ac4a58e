package io.heliosdb.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.differential.Target;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Debian's psql 15 prints the same for the same schema on PostgreSQL and here, byte by byte, its
 * completions included.
 */
final class PsqlCatalogTest {
    private static final String MARK = "--- end of answer ---";
    private static final Path WORK = Path.of("target", "conformance").toAbsolutePath();
    private static final int LIMIT_SECONDS = 120;

    @TestFactory
    Stream<DynamicTest> commandsPrintTheSame() throws IOException, InterruptedException {
        return same("psql_test", "psql.txt", "\n", UnaryOperator.identity());
    }

    @TestFactory
    Stream<DynamicTest> completionsGiveTheSameWords() throws IOException, InterruptedException {
        return same("psql_words", "completion.sql", "(?<=;)\n", PsqlCatalogTest::sorted);
    }

    /** A completion is a set of words. */
    private static String sorted(String lines) {
        return lines.lines().sorted().collect(Collectors.joining("\n"));
    }

    private static Stream<DynamicTest> same(
            String schema, String resource, String ends, UnaryOperator<String> shown)
            throws IOException, InterruptedException {
        var commands = Arrays.asList(resource(resource).replace("$schema", schema).split(ends));
        var answers = new ArrayList<List<String>>();
        for (Target target : Target.all().toList()) {
            answers.add(answers(target, schema, commands));
        }
        return IntStream.range(0, commands.size())
                .mapToObj(i ->
                        DynamicTest.dynamicTest(
                                commands.get(i).strip(),
                                () ->
                                        assertThat(shown.apply(answers.getLast().get(i)))
                                                .isEqualTo(
                                                        shown.apply(answers.getFirst().get(i)))));
    }

    /** What psql says to each command. */
    private static List<String> answers(Target target, String schema, List<String> commands)
            throws IOException, InterruptedException {
        var script = new StringBuilder();
        script.append(resource("schema.sql").replace("catalog_test", schema));
        script.append("\\echo ").append(MARK).append('\n');
        for (String command : commands) {
            script.append(command).append('\n');
            script.append("\\echo ").append(MARK).append('\n');
        }
        String said = psql(target, script.toString());
        var answers = Arrays.asList(said.split(MARK + "\n", -1));
        assertThat(answers).as(said).hasSize(commands.size() + 2);
        assertThat(answers.getFirst()).as("the schema is made").doesNotContain("ERROR");
        return answers.subList(1, commands.size() + 1);
    }

    private static String psql(Target target, String script)
            throws IOException, InterruptedException {
        Files.createDirectories(WORK);
        String name = "catalog-on-" + target.name().replaceAll("[^A-Za-z0-9]+", "-");
        Path input = WORK.resolve(name + ".sql");
        Path output = WORK.resolve(name + ".out");
        Files.writeString(input, script);
        var builder =
                new ProcessBuilder(
                        "/usr/bin/psql",
                        "-X",
                        "-h",
                        target.host(),
                        "-p",
                        Integer.toString(target.port()),
                        "-U",
                        target.user(),
                        target.database());
        builder.environment().put("PGCLIENTENCODING", "UTF8");
        builder.environment().put("PGOPTIONS", "-c client_min_messages=warning");
        builder.environment().put("TZ", "UTC");
        Process process =
                builder.redirectErrorStream(true)
                        .redirectInput(input.toFile())
                        .redirectOutput(output.toFile())
                        .start();
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        String said = Files.readString(output);
        assertThat(ended).as("psql ended; it said:%n%s", said).isTrue();
        return withoutPlace(said);
    }

    /** What names a line of the server's source, or the moment, is not compared. */
    private static String withoutPlace(String said) {
        return said.replaceAll("(?m)^LOCATION: .*$", "LOCATION")
                .replaceAll("(?m)^.* \\(every .*\\)$", "(every)");
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = PsqlCatalogTest.class.getResourceAsStream("/catalog/" + name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
