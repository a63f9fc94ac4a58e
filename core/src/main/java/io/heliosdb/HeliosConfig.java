package io.heliosdb;

import io.heliosdb.config.ConfigValues;
import io.heliosdb.config.Setting;
import io.heliosdb.config.Settings;
import io.heliosdb.config.WorkflowStep;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a database is opened and served: immutable, every value checked against the table in {@link
 * Settings}, which says each setting's unit, bounds and default. It is read from heliosdb.toml and
 * the environment, or made in Java:
 *
 * <pre>{@code
 * var config = HeliosConfig.at(Path.of("sales")).with(Settings.MAX_CHANNELS, 1_000);
 * }</pre>
 */
public final class HeliosConfig {
    private static final HeliosConfig DEFAULTS = new HeliosConfig(new ConfigValues());

    private final ConfigValues values;

    private HeliosConfig(ConfigValues values) {
        this.values = values;
    }

    /**
     * Every key at its default.
     *
     * @return the same each time
     */
    public static HeliosConfig defaults() {
        return DEFAULTS;
    }

    /**
     * A database in a directory.
     *
     * @param directory made if it is not there
     * @return the configuration, all else at its default
     */
    public static HeliosConfig at(Path directory) {
        return DEFAULTS.with(Settings.PATH, directory);
    }

    /**
     * A database that lives in memory and is gone when it is closed.
     *
     * @return the configuration, all else at its default
     */
    public static HeliosConfig inMemory() {
        return at(Settings.MEMORY);
    }

    /**
     * Reads a file and, over it, this process's environment.
     *
     * @param file a heliosdb.toml
     * @return what they say
     * @throws PgException F0000 with file, line, column and what was expected
     */
    public static HeliosConfig load(Path file) {
        return load(Optional.of(file), System.getenv());
    }

    /**
     * Reads a file, if there is one, and an environment over it.
     *
     * @param file a heliosdb.toml
     * @param environment variables by name
     * @return what they say
     * @throws PgException F0000 with file, line, column and what was expected
     */
    public static HeliosConfig load(Optional<Path> file, Map<String, String> environment) {
        var values = ConfigValues.read(file, environment);
        if (values.get(Settings.TLS_CERT_FILE).isPresent()
                != values.get(Settings.TLS_KEY_FILE).isPresent()) {
            throw new PgException(
                    SqlState.CONFIG_FILE_ERROR,
                    "server.tls_cert_file and server.tls_key_file must be set together");
        }
        return new HeliosConfig(values);
    }

    /**
     * The value of a setting.
     *
     * @param <T> its type
     * @param setting one of {@link Settings}
     * @return what was set, or the default
     */
    public <T> T get(Setting<T> setting) {
        return values.get(setting);
    }

    /**
     * Whether somebody has set a value.
     *
     * @param setting one of {@link Settings}
     * @return false where the default holds
     */
    public boolean isSet(Setting<?> setting) {
        return values.isSet(setting);
    }

    /**
     * The same configuration with one value changed.
     *
     * @param <T> its type
     * @param setting one of {@link Settings}
     * @param value the new value
     * @return a copy
     * @throws PgException 22023 where the value is out of the setting's bounds
     */
    public <T> HeliosConfig with(Setting<T> setting, T value) {
        var changed = new ConfigValues(values);
        changed.put(setting, value);
        return new HeliosConfig(changed);
    }

    /**
     * Where the database lives.
     *
     * @return its directory; empty for one in memory
     */
    public Optional<Path> dataDirectory() {
        return Optional.of(get(Settings.PATH)).filter(path -> !path.equals(Settings.MEMORY));
    }

    /**
     * The workflow's steps.
     *
     * @return by name, in the order of the file
     */
    public Map<String, WorkflowStep> workflowSteps() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(values.steps()));
    }

    /**
     * The password that role {@code postgres} gets if it has none yet, so that a new database can
     * require one. From {@code HELIOSDB_PASSWORD} or the file that {@code HELIOSDB_PASSWORD_FILE}
     * names.
     *
     * @return the plain password or a SCRAM verifier, where one was given
     */
    public Optional<String> firstPassword() {
        return values.firstPassword();
    }

    /**
     * The same configuration with a first password.
     *
     * @param password the plain password or a SCRAM verifier
     * @return a copy
     */
    public HeliosConfig withFirstPassword(String password) {
        var changed = new ConfigValues(values);
        changed.firstPassword(password);
        return new HeliosConfig(changed);
    }
}
