package io.heliosdb.differential;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Plays each case of the script on PostgreSQL and on HeliosDB-Lite; the conversations must be
 * equal. Both are left in target/differential, to be read or compared with a tool.
 */
final class ListenNotifyDifferenceTest {

    private static final String SCRIPT = "listen-notify.script";
    private static final Path TRANSCRIPTS = Path.of("target", "differential");

    private static final List<String> EXPECTED = new ArrayList<>();
    private static final List<String> ACTUAL = new ArrayList<>();

    @TestFactory
    Stream<DynamicTest> heliosAnswersAsPostgresDoes() throws IOException {
        List<Script.Case> cases = Script.read(SCRIPT).cases();
        assertThat(cases).hasSizeGreaterThan(150);
        return cases.stream()
                .map(script -> DynamicTest.dynamicTest(script.title(), () -> compare(script)));
    }

    @AfterAll
    static void writeTranscripts() throws IOException {
        Files.createDirectories(TRANSCRIPTS);
        Files.write(TRANSCRIPTS.resolve("postgresql.txt"), EXPECTED);
        Files.write(TRANSCRIPTS.resolve("heliosdb.txt"), ACTUAL);
    }

    private static void compare(Script.Case script) throws IOException {
        String expected = play(script, PostgresTarget.running(), EXPECTED);
        // Until the server exists, PostgreSQL against itself: the cases are at least repeatable.
        boolean real = HeliosTarget.running().isPresent();
        Target other = HeliosTarget.running().orElseGet(PostgresTarget::running);
        String actual = play(script, other, ACTUAL);
        var assertion = assertThat(actual).as("%s line %d", SCRIPT, script.line());
        if (script.difference().isPresent() && real) {
            assertion.as("no longer differs, " + script.difference().get()).isNotEqualTo(expected);
        } else {
            assertion.isEqualTo(expected);
        }
    }

    private static String play(Script.Case script, Target target, List<String> transcripts)
            throws IOException {
        List<String> lines = Conversation.play(script, target);
        transcripts.add("== " + script.title());
        transcripts.addAll(lines);
        return String.join("\n", lines);
    }
}
