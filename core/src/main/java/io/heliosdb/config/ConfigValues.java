package io.heliosdb.config;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What has been set, while it is being read. Confined to the thread that reads. */
public final class ConfigValues {
    private final Map<Setting<?>, Object> settings;
    private final Map<String, WorkflowStep> steps;
    private @Nullable String firstPassword;

    /** Nothing set: every key has its default. */
    public ConfigValues() {
        this.settings = new HashMap<>();
        this.steps = new LinkedHashMap<>();
    }

    /**
     * A copy.
     *
     * @param other what to copy
     */
    public ConfigValues(ConfigValues other) {
        this.settings = new HashMap<>(other.settings);
        this.steps = new LinkedHashMap<>(other.steps);
        this.firstPassword = other.firstPassword;
    }

    /**
     * Reads the file, then the environment over it.
     *
     * @param file heliosdb.toml, if there is one
     * @param environment the variables
     * @return what they say
     * @throws PgException F0000 with file, line and column for what is not understood
     */
    public static ConfigValues read(Optional<Path> file, Map<String, String> environment) {
        var values = new ConfigValues();
        file.ifPresent(path -> ConfigFile.read(path, values));
        ConfigEnvironment.read(environment, values);
        return values;
    }

    /**
     * The value of a setting.
     *
     * @param <T> its type
     * @param setting which
     * @return what was set, or the default
     */
    @SuppressWarnings("unchecked") // put() is the only way in and takes the setting's own type
    public <T> T get(Setting<T> setting) {
        return (T) settings.getOrDefault(setting, setting.defaultValue());
    }

    /**
     * Whether somebody has set it.
     *
     * @param setting which
     * @return false where the default holds
     */
    public boolean isSet(Setting<?> setting) {
        return settings.containsKey(setting);
    }

    /**
     * Sets a value, checked as if it came from the file.
     *
     * @param <T> its type
     * @param setting which
     * @param value the new value
     * @throws PgException 22023 where it is out of bounds
     */
    public <T> void put(Setting<T> setting, T value) {
        if (!setting.type().accepts(value)) {
            throw new PgException(
                    SqlState.INVALID_PARAMETER_VALUE,
                    setting.key()
                            + " must be "
                            + setting.type().expected()
                            + ", not "
                            + setting.type().print(value));
        }
        settings.put(setting, value);
    }

    /**
     * The workflow's steps.
     *
     * @return by name, in the order of the file; changes write through
     */
    public Map<String, WorkflowStep> steps() {
        return steps;
    }

    /**
     * The password that role {@code postgres} gets if it has none yet.
     *
     * @return plain or a verifier, where one was given
     */
    public Optional<String> firstPassword() {
        return Optional.ofNullable(firstPassword);
    }

    /**
     * Sets the first password.
     *
     * @param password plain or a verifier
     */
    public void firstPassword(String password) {
        firstPassword = password;
    }
}
