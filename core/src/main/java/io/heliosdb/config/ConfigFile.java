package io.heliosdb.config;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Reads one heliosdb.toml. Every key is checked; the first fault is the error's message, with file,
 * line and column, and the others are its detail, so that a user mends them in one go.
 */
final class ConfigFile {
    private static final long BYTES_MAX = 1 << 20;

    private static final List<String> STEP_KEYS =
            List.of("trigger_channel", "action", "next_channel");
    private static final SettingType.Text STEP_TEXT = new SettingType.Text(1000);

    private final Path file;
    private final ConfigValues values;
    private final List<Fault> faults = new ArrayList<>();

    private record Fault(int line, int column, String message, Optional<String> hint) {}

    private ConfigFile(Path file, ConfigValues values) {
        this.file = file;
        this.values = values;
    }

    /** Adds what the file says to the values. */
    static void read(Path file, ConfigValues values) {
        new ConfigFile(file, values).read();
    }

    private void read() {
        var toml = Toml.parse(text());
        for (var error : toml.errors()) {
            fault(error.position(), firstLine(error.getMessage()), Optional.empty());
        }
        if (faults.isEmpty()) {
            readSections(toml);
        }
        if (!faults.isEmpty()) {
            throw error();
        }
    }

    private String text() {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw unreadable("it has more than " + Quantity.printBytes(BYTES_MAX), null);
            }
            return Files.readString(file);
        } catch (NoSuchFileException missing) {
            throw unreadable("no such file", missing);
        } catch (MalformedInputException notText) {
            throw unreadable("it is not UTF-8 text", notText);
        } catch (IOException e) {
            throw unreadable(String.valueOf(e.getMessage()), e);
        }
    }

    private PgException unreadable(String why, @Nullable Throwable cause) {
        var message = "could not read configuration file \"" + file + "\": " + why;
        return new PgException(
                Report.of(Severity.ERROR, SqlState.CONFIG_FILE_ERROR, message), cause);
    }

    private void readSections(TomlTable toml) {
        var sections = new TreeSet<String>();
        Settings.all().forEach(setting -> sections.add(setting.section()));
        sections.add("workflow");
        for (var name : toml.keySet()) {
            var position = toml.inputPositionOf(List.of(name));
            if (!sections.contains(name)) {
                fault(position, "unknown section [" + name + "]", didYouMean(name, sections));
            } else if (!(toml.get(List.of(name)) instanceof TomlTable section)) {
                fault(
                        position,
                        name + " must be a section, [" + name + "], not a value",
                        Optional.empty());
            } else if (name.equals("workflow")) {
                readWorkflow(section);
            } else {
                readSection(name, section);
            }
        }
    }

    private void readSection(String sectionName, TomlTable section) {
        var known =
                Settings.all().stream()
                        .filter(setting -> setting.section().equals(sectionName))
                        .toList();
        for (var name : section.keySet()) {
            var position = section.inputPositionOf(List.of(name));
            var setting = known.stream().filter(s -> s.name().equals(name)).findFirst();
            if (setting.isEmpty()) {
                var names = known.stream().map(Setting::name).toList();
                fault(position, "unknown key " + sectionName + "." + name, didYouMean(name, names));
            } else {
                readValue(setting.get(), section.get(List.of(name)), position);
            }
        }
    }

    private <T> void readValue(Setting<T> setting, @Nullable Object raw, TomlPosition position) {
        var value = raw == null ? Optional.<T>empty() : setting.type().read(raw);
        if (value.isPresent()) {
            values.put(setting, value.get());
        } else {
            fault(
                    position,
                    setting.key()
                            + " must be "
                            + setting.type().expected()
                            + ", not "
                            + printed(raw),
                    Optional.empty());
        }
    }

    private void readWorkflow(TomlTable workflow) {
        for (var name : workflow.keySet()) {
            var position = workflow.inputPositionOf(List.of(name));
            if (!name.equals("steps")) {
                fault(position, "unknown key workflow." + name, didYouMean(name, List.of("steps")));
            } else if (!(workflow.get(List.of(name)) instanceof TomlTable steps)) {
                fault(
                        position,
                        "workflow.steps must hold sections, [workflow.steps.NAME]",
                        Optional.empty());
            } else {
                readSteps(steps);
            }
        }
    }

    private void readSteps(TomlTable steps) {
        for (var name : steps.keySet()) {
            var position = steps.inputPositionOf(List.of(name));
            if (steps.get(List.of(name)) instanceof TomlTable step) {
                readStep(name, step, position);
            } else {
                fault(position, "workflow.steps." + name + " must be a section", Optional.empty());
            }
        }
    }

    private void readStep(String stepName, TomlTable step, TomlPosition stepPosition) {
        String prefix = "workflow.steps." + stepName + ".";
        for (var name : step.keySet()) {
            var position = step.inputPositionOf(List.of(name));
            var raw = step.get(List.of(name));
            if (!STEP_KEYS.contains(name)) {
                fault(position, "unknown key " + prefix + name, didYouMean(name, STEP_KEYS));
            } else if (raw == null || STEP_TEXT.read(raw).isEmpty()) {
                fault(
                        position,
                        prefix
                                + name
                                + " must be "
                                + STEP_TEXT.expected()
                                + ", not "
                                + printed(raw),
                        Optional.empty());
            }
        }
        for (var name : List.of("trigger_channel", "action")) {
            if (!step.contains(List.of(name))) {
                fault(stepPosition, prefix + name + " is missing", Optional.empty());
            }
        }
        if (faults.isEmpty()) {
            values.steps()
                    .put(
                            stepName,
                            new WorkflowStep(
                                    text(step, "trigger_channel"),
                                    text(step, "action"),
                                    Optional.ofNullable(step.getString("next_channel"))));
        }
    }

    private static String text(TomlTable step, String name) {
        return String.valueOf(step.getString(name));
    }

    private static Optional<String> didYouMean(String name, Collection<String> names) {
        return Optional.of(
                NearestName.of(name, names)
                        .map(nearest -> "Did you mean \"" + nearest + "\"?")
                        .orElse("Known are: " + String.join(", ", names) + "."));
    }

    private static String printed(@Nullable Object raw) {
        return switch (raw) {
            case null -> "nothing";
            case String text ->
                    "\"" + (text.length() > 80 ? text.substring(0, 80) + "…" : text) + "\"";
            case Number number -> number.toString();
            case Boolean flag -> flag.toString();
            case TomlTable table -> "a section of " + table.size() + " keys";
            default -> "a list or date";
        };
    }

    private static String firstLine(@Nullable String message) {
        return message == null ? "not TOML" : message.lines().findFirst().orElse("not TOML");
    }

    private void fault(@Nullable TomlPosition position, String message, Optional<String> hint) {
        faults.add(
                new Fault(
                        position == null ? 1 : position.line(),
                        position == null ? 1 : position.column(),
                        message,
                        hint));
    }

    private PgException error() {
        faults.sort(Comparator.comparingInt(Fault::line).thenComparingInt(Fault::column));
        var first = faults.getFirst();
        var error = new PgException(SqlState.CONFIG_FILE_ERROR, at(first));
        if (first.hint().isPresent()) {
            error = error.withHint(first.hint().get());
        }
        if (faults.size() > 1) {
            error =
                    error.withDetail(
                            String.join("\n", faults.stream().skip(1).map(this::at).toList()));
        }
        return error;
    }

    private String at(Fault fault) {
        return file + ":" + fault.line() + ":" + fault.column() + ": " + fault.message();
    }
}
