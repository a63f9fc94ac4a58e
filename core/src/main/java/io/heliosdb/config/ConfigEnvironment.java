package io.heliosdb.config;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads the environment. A variable of ours that is nearly a known one is refused as a slip; any
 * other is somebody else's, such as those that Kubernetes makes from the names of services.
 */
final class ConfigEnvironment {
    private static final String STEPS = "HELIOSDB_WORKFLOW_STEPS_";
    private static final SettingType.Text STEP_TEXT = new SettingType.Text(1000);

    private ConfigEnvironment() {}

    /** Lets the environment override the values. */
    static void read(Map<String, String> environment, ConfigValues values) {
        var names = Settings.all().stream().map(Setting::environmentName).toList();
        for (var setting : Settings.all()) {
            var raw = environment.get(setting.environmentName());
            if (raw != null) {
                readValue(setting, raw, values);
            }
        }
        for (var name : environment.keySet()) {
            if (!names.contains(name) && ours(name)) {
                refuseSlip(name, names);
            }
        }
        readSteps(environment, values);
        readPassword(environment).ifPresent(values::firstPassword);
        var directory = environment.get("HELIOSDB_DATA_DIR");
        if (directory != null && !directory.isBlank()) {
            moveInto(directory, values);
        }
    }

    private static <T> void readValue(Setting<T> setting, String raw, ConfigValues values) {
        var value = setting.type().read(raw);
        values.put(
                setting,
                value.orElseThrow(
                        () -> refused(setting.environmentName(), setting.type().expected(), raw)));
    }

    private static PgException refused(String name, String expected, String raw) {
        return new PgException(
                SqlState.CONFIG_FILE_ERROR,
                "environment variable " + name + " must be " + expected + ", not \"" + raw + "\"");
    }

    private static boolean ours(String name) {
        return !name.startsWith(STEPS)
                && Settings.all().stream()
                        .anyMatch(s ->
                                name.startsWith(
                                        "HELIOSDB_" + s.section().toUpperCase(Locale.ROOT) + "_"));
    }

    private static void refuseSlip(String name, List<String> names) {
        var nearest = NearestName.within(2, name, names);
        if (nearest.isPresent()) {
            throw new PgException(
                            SqlState.CONFIG_FILE_ERROR, "unknown environment variable " + name)
                    .withHint("Did you mean " + nearest.get() + "?");
        }
    }

    private static void readSteps(Map<String, String> environment, ConfigValues values) {
        for (var variable : new TreeMap<>(environment).entrySet()) {
            if (!variable.getKey().startsWith(STEPS)) {
                continue;
            }
            if (STEP_TEXT.read(variable.getValue()).isEmpty()) {
                throw refused(variable.getKey(), STEP_TEXT.expected(), variable.getValue());
            }
            readStep(
                    variable.getKey().substring(STEPS.length()),
                    variable.getKey(),
                    variable.getValue(),
                    values);
        }
        values.steps().forEach(ConfigEnvironment::requireWhole);
    }

    private static void readStep(
            String stepAndKey, String name, String value, ConfigValues values) {
        for (var key : List.of("_TRIGGER_CHANNEL", "_NEXT_CHANNEL", "_ACTION")) {
            if (stepAndKey.endsWith(key) && stepAndKey.length() > key.length()) {
                String step =
                        stepNamed(
                                stepAndKey.substring(0, stepAndKey.length() - key.length()),
                                values);
                var old =
                        values.steps()
                                .getOrDefault(step, new WorkflowStep("", "", Optional.empty()));
                values.steps()
                        .put(
                                step,
                                switch (key) {
                                    case "_TRIGGER_CHANNEL" ->
                                            new WorkflowStep(
                                                    value, old.action(), old.nextChannel());
                                    case "_ACTION" ->
                                            new WorkflowStep(
                                                    old.triggerChannel(), value, old.nextChannel());
                                    default ->
                                            new WorkflowStep(
                                                    old.triggerChannel(),
                                                    old.action(),
                                                    Optional.of(value));
                                });
                return;
            }
        }
        throw new PgException(SqlState.CONFIG_FILE_ERROR, "unknown environment variable " + name)
                .withHint("It must end in _TRIGGER_CHANNEL, _ACTION or _NEXT_CHANNEL.");
    }

    /** The step of the file that the upper-case name stands for, or a new one in lower case. */
    private static String stepNamed(String upperCase, ConfigValues values) {
        return values.steps().keySet().stream()
                .filter(step -> step.replace('-', '_').toUpperCase(Locale.ROOT).equals(upperCase))
                .findFirst()
                .orElse(upperCase.toLowerCase(Locale.ROOT));
    }

    private static void requireWhole(String name, WorkflowStep step) {
        if (step.triggerChannel().isEmpty() || step.action().isEmpty()) {
            throw new PgException(
                            SqlState.CONFIG_FILE_ERROR,
                            "workflow step \""
                                    + name
                                    + "\" has no "
                                    + (step.action().isEmpty() ? "action" : "trigger_channel"))
                    .withHint(
                            "Set "
                                    + STEPS
                                    + name.toUpperCase(Locale.ROOT)
                                    + (step.action().isEmpty() ? "_ACTION." : "_TRIGGER_CHANNEL."));
        }
    }

    private static Optional<String> readPassword(Map<String, String> environment) {
        var password = environment.get("HELIOSDB_PASSWORD");
        var file = environment.get("HELIOSDB_PASSWORD_FILE");
        if (file == null || file.isEmpty()) {
            return Optional.ofNullable(password).filter(word -> !word.isEmpty());
        }
        if (password != null) {
            throw new PgException(
                    SqlState.CONFIG_FILE_ERROR,
                    "HELIOSDB_PASSWORD and HELIOSDB_PASSWORD_FILE must not be set together");
        }
        try (var lines = Files.lines(Path.of(file))) {
            return lines.findFirst()
                    .filter(word -> !word.isEmpty())
                    .or(() -> {
                        throw unreadable(file, "its first line is empty", null);
                    });
        } catch (IOException | UncheckedIOException | InvalidPathException e) {
            throw unreadable(
                    file,
                    e instanceof NoSuchFileException
                            ? "no such file"
                            : String.valueOf(e.getMessage()),
                    e);
        }
    }

    private static PgException unreadable(String file, String why, @Nullable Throwable cause) {
        var message = "could not read the file of HELIOSDB_PASSWORD_FILE, \"" + file + "\": " + why;
        return new PgException(
                Report.of(Severity.ERROR, SqlState.CONFIG_FILE_ERROR, message), cause);
    }

    private static void moveInto(String directory, ConfigValues values) {
        var path = values.get(Settings.PATH);
        var name = path.getFileName();
        if (name != null && !path.equals(Settings.MEMORY)) {
            values.put(Settings.PATH, Path.of(directory).resolve(name));
        }
    }
}
