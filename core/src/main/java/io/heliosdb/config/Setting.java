package io.heliosdb.config;

import java.util.Locale;

/**
 * One key of the configuration: where it stands, what it takes, and what it is when nobody says.
 *
 * @param <T> what its value is in Java
 * @param section the table of heliosdb.toml it stands in, such as {@code pubsub}
 * @param name its name there, such as {@code max_channels}
 * @param type what it takes
 * @param defaultValue what it is when nobody says
 * @param meaning one line for the reference page
 */
public record Setting<T>(
        String section, String name, SettingType<T> type, T defaultValue, String meaning) {

    /**
     * The key as error messages and the reference page write it.
     *
     * @return such as {@code pubsub.max_channels}
     */
    public String key() {
        return section + "." + name;
    }

    /**
     * The environment variable that overrides the file.
     *
     * @return such as {@code HELIOSDB_PUBSUB_MAX_CHANNELS}
     */
    public String environmentName() {
        return "HELIOSDB_" + (section + "_" + name).toUpperCase(Locale.ROOT);
    }

    /**
     * Its row in the reference page's table.
     *
     * @return Markdown
     */
    public String documentation() {
        return "| `%s` | `%s` | %s | %s |"
                .formatted(key(), type.print(defaultValue), type.expected(), meaning);
    }

    /** Two settings are the same if they are the same key. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Setting<?> that && key().equals(that.key());
    }

    @Override
    public int hashCode() {
        return key().hashCode();
    }
}
