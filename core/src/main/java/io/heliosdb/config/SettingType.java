package io.heliosdb.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a setting takes. A value comes from TOML as a boolean, a number or a string, and from the
 * environment as a string; sizes and times are read as PostgreSQL reads them, a number alone being
 * in the setting's own unit.
 *
 * @param <T> what it becomes
 * @see <a href="https://www.postgresql.org/docs/15/config-setting.html">PostgreSQL: setting
 *     parameters</a>
 */
public sealed interface SettingType<T> {
    /**
     * Reads a value.
     *
     * @param raw as TOML or the environment gives it
     * @return the value; empty where it is not what {@link #expected} says
     */
    Optional<T> read(Object raw);

    /**
     * What is accepted, for error messages and the reference page.
     *
     * @return such as {@code a whole number from 1 to 10}
     */
    String expected();

    /**
     * The value as a user would write it.
     *
     * @param value a value of this type
     * @return its text
     */
    String print(T value);

    /**
     * Whether a value keeps the bounds.
     *
     * @param value a value made in Java
     * @return whether it may be set
     */
    default boolean accepts(T value) {
        return read(raw(value)).isPresent();
    }

    private Object raw(T value) {
        return switch (value) {
            case Long bytes -> bytes;
            case Duration time -> time.toNanos() / 1_000 + "us";
            default -> print(value);
        };
    }

    /** On or off, in any of PostgreSQL's spellings. */
    record Toggle() implements SettingType<Boolean> {
        @Override
        public Optional<Boolean> read(Object raw) {
            return switch (String.valueOf(raw).toLowerCase(Locale.ROOT)) {
                case "true", "on", "yes", "1" -> Optional.of(true);
                case "false", "off", "no", "0" -> Optional.of(false);
                default -> Optional.empty();
            };
        }

        @Override
        public String expected() {
            return "true or false";
        }

        @Override
        public String print(Boolean value) {
            return value.toString();
        }
    }

    /**
     * A whole number.
     *
     * @param min the least
     * @param max the most
     */
    record Count(int min, int max) implements SettingType<Integer> {
        @Override
        public Optional<Integer> read(Object raw) {
            return Quantity.number(raw).filter(n -> n >= min && n <= max).map(Math::toIntExact);
        }

        @Override
        public String expected() {
            return "a whole number from " + min + " to " + max;
        }

        @Override
        public String print(Integer value) {
            return value.toString();
        }
    }

    /**
     * A number of bytes.
     *
     * @param min the least
     * @param max the most
     */
    record Size(long min, long max) implements SettingType<Long> {
        @Override
        public Optional<Long> read(Object raw) {
            return Quantity.bytes(raw).filter(n -> n >= min && n <= max);
        }

        @Override
        public String expected() {
            return "bytes, or a size such as '64MB', from " + print(min) + " to " + print(max);
        }

        @Override
        public String print(Long value) {
            return Quantity.printBytes(value);
        }
    }

    /**
     * A span of time.
     *
     * @param unit what a number alone counts: {@code ms} or {@code s}
     * @param min the least; zero where the setting can be switched off
     * @param max the most
     */
    record Time(String unit, Duration min, Duration max) implements SettingType<Duration> {
        @Override
        public Optional<Duration> read(Object raw) {
            return Quantity.time(raw, unit)
                    .filter(t -> t.compareTo(min) >= 0 && t.compareTo(max) <= 0);
        }

        @Override
        public String expected() {
            return (unit.equals("s") ? "seconds" : "milliseconds")
                    + ", or a time such as '10s', from "
                    + (min.isZero() ? "0 (off)" : print(min))
                    + " to "
                    + print(max);
        }

        @Override
        public String print(Duration value) {
            return Quantity.printTime(value);
        }
    }

    /**
     * One of a few words, whatever their case.
     *
     * @param words what is accepted
     */
    record Choice(List<String> words) implements SettingType<String> {
        /** Copies the words. */
        public Choice {
            words = List.copyOf(words);
        }

        @Override
        public Optional<String> read(Object raw) {
            return words.stream()
                    .filter(word -> word.equalsIgnoreCase(String.valueOf(raw)))
                    .findFirst();
        }

        @Override
        public String expected() {
            return "one of " + String.join(", ", words);
        }

        @Override
        public String print(String value) {
            return value;
        }
    }

    /**
     * Text without control characters.
     *
     * @param lengthMax in characters
     */
    record Text(int lengthMax) implements SettingType<String> {
        @Override
        public Optional<String> read(Object raw) {
            return raw instanceof String text
                            && !text.isEmpty()
                            && text.length() <= lengthMax
                            && text.chars().noneMatch(Character::isISOControl)
                    ? Optional.of(text)
                    : Optional.empty();
        }

        @Override
        public String expected() {
            return "a string of 1 to " + lengthMax + " characters";
        }

        @Override
        public String print(String value) {
            return value;
        }
    }

    /**
     * Names with a word for each, such as {@code a=log, b.*=none}; a name has neither an equals
     * sign nor a comma.
     *
     * @param words what a name may be given
     */
    record Assignments(List<String> words) implements SettingType<Map<String, String>> {
        /** Copies the words. */
        public Assignments {
            words = List.copyOf(words);
        }

        @Override
        public Optional<Map<String, String>> read(Object raw) {
            var read = new LinkedHashMap<String, String>();
            for (String part : String.valueOf(raw).split(",", -1)) {
                int equals = part.indexOf('=');
                var name = part.substring(0, Math.max(0, equals)).strip();
                var word = part.substring(equals + 1).strip().toLowerCase(Locale.ROOT);
                if (part.isBlank() && read.isEmpty()) {
                    continue;
                }
                if (name.isEmpty() || !words.contains(word) || read.put(name, word) != null) {
                    return Optional.empty();
                }
            }
            return Optional.of(Collections.unmodifiableMap(read));
        }

        @Override
        public String expected() {
            return "names with one of "
                    + String.join(", ", words)
                    + ", such as 'cursors.*="
                    + words.getLast()
                    + "'";
        }

        @Override
        public String print(Map<String, String> value) {
            return value.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + entry.getValue())
                    .collect(Collectors.joining(", "));
        }
    }

    /** A file or directory. */
    record Location() implements SettingType<Path> {
        @Override
        public Optional<Path> read(Object raw) {
            if (!(raw instanceof String text) || text.isBlank()) {
                return Optional.empty();
            }
            try {
                return Optional.of(Path.of(text));
            } catch (InvalidPathException notAPath) {
                return Optional.empty();
            }
        }

        @Override
        public String expected() {
            return "a path";
        }

        @Override
        public String print(Path value) {
            return value.toString();
        }
    }

    /**
     * A setting that may be left out.
     *
     * @param <T> what it is when it is given
     * @param type what it takes when it is given
     */
    record Maybe<T>(SettingType<T> type) implements SettingType<Optional<T>> {
        @Override
        public Optional<Optional<T>> read(Object raw) {
            var given = type.read(raw);
            return given.isPresent() ? Optional.of(given) : Optional.empty();
        }

        @Override
        public boolean accepts(Optional<T> value) {
            return value.map(type::accepts).orElse(true);
        }

        @Override
        public String expected() {
            return type.expected();
        }

        @Override
        public String print(Optional<T> value) {
            return value.map(type::print).orElse("not set");
        }
    }
}
