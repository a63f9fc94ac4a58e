package io.heliosdb.bench.torture;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Kills a writing process without warning, opens what it left, and checks it; again and again on
 * the same database, and now and then on a new one. Arguments: cycles, a directory for databases,
 * and a seed where a run is to be repeated.
 */
public final class Torture {
    /** A full replay gets longer with each life of a database. */
    private static final int LIVES = 8;

    private static final int LINES_MAX = 1500;
    private static final int NUMBERS_OF_A_LIFE = 1_000_000;

    private final Path parent;
    private final Random random;

    private Torture(Path parent, long seed) {
        this.parent = parent;
        random = new Random(seed);
    }

    /**
     * Runs and prints a line for each cycle; ends with an exception at the first loss.
     *
     * @param arguments cycles, directory, seed
     * @throws Exception where something was lost or the disk fails
     */
    public static void main(String[] arguments) throws Exception {
        long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : new Random().nextLong();
        System.out.println("seed " + seed);
        var summary = run(Integer.parseInt(arguments[0]), Path.of(arguments[1]), seed);
        System.out.println(summary);
    }

    /** What was seen in all cycles. */
    record Summary(int cycles, long acknowledged, long present, long notifications) {}

    static Summary run(int cycles, Path parent, long seed)
            throws IOException, InterruptedException {
        var torture = new Torture(parent, seed);
        var summary = new Summary(0, 0, 0, 0);
        while (summary.cycles < cycles) {
            summary = torture.livesOfOne(cycles, summary);
        }
        return summary;
    }

    private Summary livesOfOne(int cycles, Summary before)
            throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(parent, "torture");
        var check = new TortureCheck(directory);
        var summary = before;
        for (int life = 0; life < LIVES && summary.cycles < cycles; life++) {
            int lines = 1 + random.nextInt(LINES_MAX);
            var said = runAndKill(directory, life * NUMBERS_OF_A_LIFE + 1, lines);
            var found = check.after(said);
            summary =
                    new Summary(
                            summary.cycles + 1,
                            summary.acknowledged + said.size(),
                            before.present + found.transactions(),
                            before.notifications + found.notifications());
            System.out.printf(
                    "cycle %d: %d acknowledged, %d transactions and %d notifications there%n",
                    summary.cycles, said.size(), found.transactions(), found.notifications());
        }
        remove(directory);
        return summary;
    }

    private List<String> runAndKill(Path directory, int first, int lines)
            throws IOException, InterruptedException {
        var command =
                List.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TortureWriter.class.getName(),
                        directory.toString(),
                        Integer.toString(first),
                        Long.toString(random.nextLong()));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var said = new ArrayList<String>();
        try (var out = new BufferedReader(process.inputReader(StandardCharsets.UTF_8))) {
            if (!"ready".equals(out.readLine())) {
                throw new IllegalStateException("the writer did not open the database");
            }
            String line = "";
            while (said.size() < lines && (line = out.readLine()) != null) {
                said.add(line);
            }
            if (line == null) {
                throw new IllegalStateException("the writer ended by itself");
            }
            process.toHandle().destroyForcibly(); // Process itself would close the stream.
            addWhole(out, said);
        } finally {
            process.destroyForcibly().waitFor();
        }
        return said;
    }

    /** What the process had said before it died counts as well, but for a torn last line. */
    private static void addWhole(BufferedReader out, List<String> said) throws IOException {
        String line = out.readLine();
        while (line != null) {
            String next = out.readLine();
            if (next != null) {
                said.add(line);
            }
            line = next;
        }
    }

    private static void remove(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
