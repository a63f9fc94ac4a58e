package io.heliosdb.differential;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Plays each case of the scripts on PostgreSQL and on HeliosDB-Lite; the conversations must be
 * equal. Both are left in target/differential, to be read or compared with a tool.
 */
final class DifferenceTest {

    private static final Path TRANSCRIPTS = Path.of("target", "differential");

    @TestFactory
    Stream<DynamicTest> listenAndNotifyAreThoseOfPostgres() throws IOException {
        List<Script.Case> cases = Script.read("listen-notify.script").cases();
        assertThat(cases).hasSizeGreaterThan(200);
        return tests("listen-notify.script", cases);
    }

    @TestFactory
    Stream<DynamicTest> theWireIsThatOfPostgres() throws IOException {
        return tests("wire-protocol.script", Script.read("wire-protocol.script").cases());
    }

    @TestFactory
    Stream<DynamicTest> expressionsAreThoseOfPostgres() throws IOException {
        return tests("expressions.script", Script.read("expressions.script").cases());
    }

    @TestFactory
    Stream<DynamicTest> cursorsAreThoseOfPostgres() throws IOException {
        return tests("cursors.script", Script.read("cursors.script").cases());
    }

    @TestFactory
    Stream<DynamicTest> copyIsThatOfPostgres() throws IOException {
        return tests("copy.script", Script.read("copy.script").cases());
    }

    @TestFactory
    Stream<DynamicTest> temporaryTablesAreThoseOfPostgres() throws IOException {
        return tests("temporary.script", Script.read("temporary.script").cases());
    }

    @TestFactory
    Stream<DynamicTest> encodingsAreThoseOfPostgres() throws IOException {
        return tests("client-encoding.script", Script.read("client-encoding.script").cases());
    }

    @TestFactory
    Stream<DynamicTest> triggersAndFunctionsAreThoseOfPostgres() throws IOException {
        List<Script.Case> cases = Script.read("triggers.script").cases();
        assertThat(cases).hasSizeGreaterThan(65);
        return tests("triggers.script", cases);
    }

    @TestFactory
    Stream<DynamicTest> jsonIsThatOfPostgres() throws IOException {
        return tests("json.script", Script.read("json.script").cases());
    }

    private static Stream<DynamicTest> tests(String script, List<Script.Case> cases)
            throws IOException {
        Files.createDirectories(TRANSCRIPTS);
        for (String side : List.of("postgresql", "heliosdb")) {
            Files.deleteIfExists(transcript(script, side));
        }
        return cases.stream()
                .map(c -> DynamicTest.dynamicTest(c.title(), () -> compare(script, c)));
    }

    private static void compare(String script, Script.Case played) throws IOException {
        String expected = play(script, played, PostgresTarget.running(), "postgresql");
        String actual = play(script, played, HeliosTarget.running(), "heliosdb");
        String place = "%s line %d".formatted(script, played.line());
        if (played.difference().isEmpty()) {
            assertThat(actual).as(place).isEqualTo(expected);
            return;
        }
        Difference difference = played.difference().get();
        assertThat(actual).as("%s no longer differs", place).isNotEqualTo(expected);
        if (difference.aspect().isPresent()) {
            assertThat(difference.overlook(actual))
                    .as("%s, but for %s", place, difference.aspect().get())
                    .isEqualTo(difference.overlook(expected));
        }
    }

    private static String play(String script, Script.Case played, Target target, String side)
            throws IOException {
        String lines = String.join("\n", Conversation.play(played, target));
        Files.writeString(
                transcript(script, side),
                "== " + played.title() + "\n" + lines + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        return lines;
    }

    private static Path transcript(String script, String side) {
        return TRANSCRIPTS.resolve(script.replace("script", side + ".txt"));
    }
}
