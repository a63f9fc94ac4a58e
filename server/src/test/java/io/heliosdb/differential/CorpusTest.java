package io.heliosdb.differential;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Measures how much of what applications send is answered as by PostgreSQL: columns, their types,
 * rows, tags and SQLSTATEs. Every statement that is not stands with its reason in the corpus, and
 * every reason in docs/compatibility.md. All answers are left in target/differential/corpus.txt.
 */
final class CorpusTest {
    private static final int STATEMENTS_MIN = 600;
    private static final double SHARE_MIN = 0.88;
    private static final Path REPORT = Path.of("target", "differential", "corpus.txt");
    private static final Path PAGE = Path.of("..", "docs", "compatibility.md");

    @Test
    void eightStatementsOfTenAreAnsweredAsByPostgres(TestReporter reporter) throws IOException {
        Corpus corpus = Corpus.read();
        var report = new StringBuilder();
        var unlisted = new ArrayList<String>();
        var gone = new ArrayList<String>();
        int statements = 0;
        int equal = 0;
        for (Corpus.Section section : corpus.sections()) {
            String schema = "corpus_" + statements;
            List<String> expected = Corpus.play(section, schema, PostgresTarget.running());
            List<String> actual = Corpus.play(section, schema, HeliosTarget.running());
            for (int i = 0; i < expected.size(); i++) {
                Corpus.Statement statement = section.statements().get(i);
                boolean agrees = expected.get(i).equals(actual.get(i));
                statements++;
                equal += agrees ? 1 : 0;
                if (agrees && statement.difference().isPresent()) {
                    gone.add(statement.place() + ' ' + statement.sql());
                } else if (!agrees && statement.difference().isEmpty()) {
                    unlisted.add(
                            "%s %s\nPostgreSQL: %s\nhere: %s"
                                    .formatted(
                                            statement.place(),
                                            statement.sql(),
                                            expected.get(i),
                                            actual.get(i)));
                }
                report.append(agrees ? "same    " : "differs ")
                        .append(statement.place())
                        .append(' ')
                        .append(statement.sql())
                        .append('\n');
                if (!agrees) {
                    report.append("P: ").append(expected.get(i)).append('\n');
                    report.append("H: ").append(actual.get(i)).append('\n');
                }
            }
        }
        double share = (double) equal / statements;
        String said =
                "%d of %d statements agree: %.1f %%".formatted(equal, statements, 100 * share);
        Files.createDirectories(REPORT.getParent());
        Files.writeString(REPORT, report + said + '\n');
        reporter.publishEntry("corpus", said);

        assertThat(unlisted).as("differ, and are not listed").isEmpty();
        assertThat(gone).as("are listed, and agree").isEmpty();
        assertThat(statements).isGreaterThanOrEqualTo(STATEMENTS_MIN);
        assertThat(share).as(said).isGreaterThanOrEqualTo(SHARE_MIN);
    }

    @Test
    void everyReasonStandsInTheListOfDifferences() throws IOException {
        var reasons = new TreeSet<String>();
        Corpus corpus = Corpus.read();
        for (Corpus.Section section : corpus.sections()) {
            for (Corpus.Statement statement : section.statements()) {
                statement.difference().ifPresent(reasons::add);
            }
        }
        List<String> page = Files.readAllLines(PAGE);
        var listed = new TreeSet<String>();
        int from = page.indexOf("### Seen in the corpus");
        for (String line : page.subList(from + 1, page.size())) {
            if (line.startsWith("#")) {
                break;
            }
            if (line.startsWith("* ")) {
                listed.add(line.substring(2));
            }
        }
        assertThat(listed).isEqualTo(reasons);
    }
}
