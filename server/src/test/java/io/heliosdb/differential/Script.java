package io.heliosdb.differential;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of cases; its head explains the language. A case holds no expectation: what PostgreSQL
 * does is the expectation.
 *
 * @param cases in the file's order
 */
record Script(List<Case> cases) {

    private static final Pattern STEP =
            Pattern.compile(
                    "([A-Z])(?::|( >)| \\[([a-z ]+?)(?: (\\d+))?])(?: (.*))?", Pattern.DOTALL);

    /**
     * One case.
     *
     * @param title says what is looked at
     * @param line where it begins
     * @param difference why HeliosDB-Lite is known to answer otherwise, if it does
     * @param steps what the sessions do
     */
    record Case(String title, int line, Optional<Difference> difference, List<Step> steps) {}

    static Script read(String resource) throws IOException {
        try (InputStream in = Script.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + resource);
            }
            return parse(new String(in.readAllBytes(), UTF_8));
        }
    }

    static Script parse(String text) {
        List<Case> cases = new ArrayList<>();
        String[] lines = text.split("\n", -1);
        for (int at = 0; at < lines.length; at++) {
            if (lines[at].startsWith("== ")) {
                int end = at + 1;
                while (end < lines.length && !lines[end].startsWith("== ")) {
                    end++;
                }
                cases.add(parseCase(at + 1, Arrays.asList(lines).subList(at, end)));
            }
        }
        return new Script(List.copyOf(cases));
    }

    private static Case parseCase(int number, List<String> lines) {
        Optional<Difference> difference = Optional.empty();
        List<String> steps = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            boolean says = !line.isBlank() && !line.startsWith("#");
            if (line.startsWith("differs")) {
                difference = Difference.of(line);
            } else if (says && line.startsWith("    ")) {
                steps.set(steps.size() - 1, steps.getLast() + "\n" + line.substring(4));
            } else if (says) {
                steps.add(line);
            }
        }
        try {
            List<Step> parsed = steps.stream().map(Script::step).toList();
            return new Case(lines.getFirst().substring(3), number, difference, parsed);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("case at line " + number + ": " + e.getMessage(), e);
        }
    }

    private static Step step(String line) {
        Matcher matcher = STEP.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no step: " + line);
        }
        String session = matcher.group(1);
        String rest = matcher.group(5) == null ? "" : matcher.group(5);
        if (matcher.group(2) != null) {
            String[] messages = rest.split("(?: |\n)\\| ");
            return new Step.Batch(session, Arrays.stream(messages).map(Frontend::of).toList());
        } else if (matcher.group(3) == null) {
            return new Step.Query(session, rest);
        }
        return switch (matcher.group(3)) {
            case "send" -> new Step.Send(session, rest);
            case "receive" -> new Step.Receive(session);
            case "await" -> new Step.Await(session, Integer.parseInt(matcher.group(4)));
            case "cancel" -> new Step.Cancel(session);
            case "close" -> new Step.Close(session);
            case "abort" -> new Step.Abort(session);
            case "sales table" -> new Step.SalesTable(session);
            case "read to end" -> new Step.ReadToEnd(session);
            default -> throw new IllegalArgumentException("no step: " + line);
        };
    }
}
