package io.heliosdb;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;

import io.heliosdb.tidy.Layers;
import io.heliosdb.tidy.SourceFile;
import io.heliosdb.tidy.SourceTree;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Holds the shape of the house: who may import whom, one format, and the small rules of STYLE.md.
 * It reads the sources of every module and names file and line of what is out of order. {@code
 * -Dtidy.fix=true} rewrites what a formatter can put right.
 */
final class TidyTest {
    private static final int LINES_MAX = 600;

    /** Files that may be longer, each with its reason beside it. */
    private static final List<String> LONG_FILES = List.of();

    private final SourceTree tree = SourceTree.find();

    @Test
    void everyPackageImportsOnlyThoseBelowIt() {
        var faults = new ArrayList<String>();
        for (var file : tree.mainSources()) {
            faults.addAll(Layers.faults(file));
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void everyModuleDependsOnlyOnThoseBelowIt() throws IOException {
        var faults = new ArrayList<String>();
        for (var module : Layers.modules()) {
            var pom = tree.root().resolve(module).resolve("pom.xml");
            if (Files.exists(pom)) {
                faults.addAll(Layers.moduleFaults(module, tree.name(pom), Files.readAllLines(pom)));
            }
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void everySourceIsFormatted() throws IOException, FormatterException {
        var formatter = new Formatter(JavaFormatterOptions.builder().style(Style.AOSP).build());
        String fix = System.getProperty("tidy.fix", "false");
        var faults = new ArrayList<String>();
        for (var file : tree.sources()) {
            String formatted = format(formatter, file);
            if (formatted.equals(file.text())) {
                continue;
            }
            if (fix.equals("true") || file.name().startsWith(fix)) {
                Files.writeString(file.path(), formatted);
            } else {
                faults.add(file.at(firstDifference(file.text(), formatted)) + "not formatted");
            }
        }
        assertThat(faults)
                .as("mvn -pl pg test -Dtest=TidyTest -Dtidy.fix=true puts this right")
                .isEmpty();
    }

    @Test
    void everyMainPackageIsNullMarkedAndSaysItsRole() {
        var faults = new ArrayList<String>();
        for (var directory : tree.mainPackages()) {
            var info = directory.resolve("package-info.java");
            var stated =
                    tree.mainSources().stream()
                            .filter(file -> file.path().equals(info))
                            .findFirst();
            if (stated.isEmpty()) {
                faults.add(tree.name(directory) + ": no package-info.java");
            } else if (!stated.get().text().startsWith("/**")) {
                faults.add(stated.get().at(1) + "does not begin with the package's role");
            } else if (!stated.get().code().contains("@NullMarked")) {
                faults.add(stated.get().at(1) + "not @NullMarked");
            }
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void nothingSleepsAndNothingIsPutOff() {
        // Joined, so that this file does not break its own rule.
        var words =
                Pattern.compile(
                        "\\bThread\\.sl"
                                + "eep\\b|\\bTO"
                                + "DO\\b|\\bFIX"
                                + "ME\\b|@Dis"
                                + "abled\\b");
        var faults = new ArrayList<String>();
        for (var file : tree.sources()) {
            faults.addAll(file.matches(words));
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void nothingNamesThePlaceItWasWrittenAt() {
        var places = Pattern.compile("(?<![\\w.])/(wor" + "k|far" + "m|tmp/w)/");
        var faults = new ArrayList<String>();
        for (var file : tree.texts()) {
            faults.addAll(file.matches(places));
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void warningsAreErrors() throws IOException {
        var pom = Files.readString(tree.root().resolve("pom.xml"));
        assertThat(pom)
                .contains("<arg>-Werror</arg>", "<arg>-Xplugin:ErrorProne</arg>")
                .contains("<arg>-Xlint:all,-processing,-serial,-classfile</arg>")
                .contains("<arg>-Xdoclint:all/protected</arg>");
    }

    @Test
    void noFileIsTooLong() {
        var faults = new ArrayList<String>();
        for (var file : tree.sources()) {
            long lines = file.text().lines().count();
            if (lines > LINES_MAX && !LONG_FILES.contains(file.name())) {
                faults.add(file.at(LINES_MAX + 1) + lines + " lines; look for a second noun");
            }
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void noTypeHidesBehindAnEmptyWord() {
        var empty = Pattern.compile("\\w*(Impl|Manager|Helper|Utils?)\\.java");
        var faults = new ArrayList<String>();
        for (var file : tree.sources()) {
            if (empty.matcher(file.path().getFileName().toString()).matches()) {
                faults.add(file.at(1) + "the name says nothing; name what it is");
            }
        }
        assertThat(faults).isEmpty();
    }

    private static String format(Formatter formatter, SourceFile file) throws FormatterException {
        try {
            return formatter.formatSourceAndFixImports(file.text());
        } catch (FormatterException e) {
            throw new FormatterException(file.name() + ": " + e.getMessage());
        }
    }

    private static int firstDifference(String text, String formatted) {
        var ours = text.lines().toList();
        var theirs = formatted.lines().toList();
        int line = 0;
        while (line < ours.size()
                && line < theirs.size()
                && ours.get(line).equals(theirs.get(line))) {
            line++;
        }
        return line + 1;
    }
}
