package io.heliosdb.session;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.Encoding;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The definition of a run-time setting: how its value reads, what it may be, and who may change it.
 *
 * @see <a href="https://www.postgresql.org/docs/15/config-setting.html">PostgreSQL: setting
 *     parameters</a>
 */
record Setting(
        String name,
        Kind kind,
        String boot,
        boolean isReported,
        boolean isFixed,
        long min,
        long max) {
    /** How a value reads and prints. */
    sealed interface Kind {
        /** Any text. */
        record Text() implements Kind {}

        /** on or off. */
        record Flag() implements Kind {}

        /** A whole number without a unit. */
        record Whole() implements Kind {}

        /** A time in milliseconds, with units on input and output. */
        record Millis() implements Kind {}

        /** A floating-point number. */
        record Real() implements Kind {}

        /** One of a list of words. */
        record Choice(List<String> words) implements Kind {}

        /** A time zone. */
        record Zone() implements Kind {}

        /** An output style and an order of day, month and year. */
        record DateStyle() implements Kind {}

        /** A character set. */
        record Encoding() implements Kind {}
    }

    private static final Map<String, Setting> BY_NAME =
            new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    private static final List<String> ISOLATION =
            List.of("serializable", "repeatable read", "read committed", "read uncommitted");

    private static final List<String> MESSAGE_LEVELS =
            List.of(
                    "debug5", "debug4", "debug3", "debug2", "debug1", "debug", "log", "notice",
                    "warning", "error");

    static final String SERVER_VERSION = "15.18 (HeliosDB-Lite 0.1)";

    static {
        // Told to clients at start-up, in the order in which PostgreSQL 15 tells them.
        reported("application_name", new Kind.Text(), "");
        reported("client_encoding", new Kind.Encoding(), "UTF8");
        reported("DateStyle", new Kind.DateStyle(), "ISO, MDY");
        reported("default_transaction_read_only", new Kind.Flag(), "off");
        fixed("in_hot_standby", new Kind.Flag(), "off", true);
        fixed("integer_datetimes", new Kind.Flag(), "on", true);
        reported(
                "IntervalStyle",
                new Kind.Choice(
                        List.of("postgres", "postgres_verbose", "sql_standard", "iso_8601")),
                "postgres");
        fixed("is_superuser", new Kind.Flag(), "on", true);
        fixed("server_encoding", new Kind.Text(), "UTF8", true);
        fixed("server_version", new Kind.Text(), SERVER_VERSION, true);
        fixed("session_authorization", new Kind.Text(), "", true);
        reported("standard_conforming_strings", new Kind.Flag(), "on");
        reported("TimeZone", new Kind.Zone(), "Etc/UTC");

        millis("statement_timeout");
        millis("lock_timeout");
        millis("idle_in_transaction_session_timeout");
        millis("idle_session_timeout");
        open("wal_sender_timeout", new Kind.Millis(), "60000");
        open("search_path", new Kind.Text(), "\"$user\", public");
        open("client_min_messages", new Kind.Choice(MESSAGE_LEVELS), "notice");
        open("bytea_output", new Kind.Choice(List.of("escape", "hex")), "hex");
        whole("extra_float_digits", 1, -15, 3);
        open("default_transaction_isolation", new Kind.Choice(ISOLATION), "read committed");
        open("default_transaction_deferrable", new Kind.Flag(), "off");
        open("transaction_isolation", new Kind.Choice(ISOLATION), "read committed");
        open("transaction_read_only", new Kind.Flag(), "off");
        open("transaction_deferrable", new Kind.Flag(), "off");
        open(
                "synchronous_commit",
                new Kind.Choice(List.of("local", "remote_write", "remote_apply", "on", "off")),
                "on");
        open("heliosdb.synchronous_notify", new Kind.Flag(), "off");
        open("role", new Kind.Text(), "none");
        open("row_security", new Kind.Flag(), "on");
        open("check_function_bodies", new Kind.Flag(), "on");
        open("xmloption", new Kind.Choice(List.of("content", "document")), "content");
        open("escape_string_warning", new Kind.Flag(), "on");
        open(
                "backslash_quote",
                new Kind.Choice(List.of("safe_encoding", "on", "off")),
                "safe_encoding");
        open("array_nulls", new Kind.Flag(), "on");
        open("transform_null_equals", new Kind.Flag(), "off");
        open("default_table_access_method", new Kind.Text(), "heap");
        open("default_tablespace", new Kind.Text(), "");
        open("default_text_search_config", new Kind.Text(), "pg_catalog.english");
        open(
                "session_replication_role",
                new Kind.Choice(List.of("origin", "replica", "local")),
                "origin");
        open(
                "plan_cache_mode",
                new Kind.Choice(List.of("auto", "force_generic_plan", "force_custom_plan")),
                "auto");
        open("jit", new Kind.Flag(), "off");
        open("geqo", new Kind.Flag(), "on");
        open("enable_seqscan", new Kind.Flag(), "on");
        open("enable_indexscan", new Kind.Flag(), "on");
        open("enable_bitmapscan", new Kind.Flag(), "on");
        open("enable_hashjoin", new Kind.Flag(), "on");
        open("enable_mergejoin", new Kind.Flag(), "on");
        open("enable_nestloop", new Kind.Flag(), "on");
        open("enable_sort", new Kind.Flag(), "on");
        open("work_mem", new Kind.Text(), "4MB");
        open("maintenance_work_mem", new Kind.Text(), "64MB");
        open("lc_messages", new Kind.Text(), "C.UTF-8");
        open("lc_monetary", new Kind.Text(), "C.UTF-8");
        open("lc_numeric", new Kind.Text(), "C.UTF-8");
        open("lc_time", new Kind.Text(), "C.UTF-8");
        open("tcp_keepalives_idle", new Kind.Text(), "0");
        open("tcp_keepalives_interval", new Kind.Text(), "0");
        open("tcp_keepalives_count", new Kind.Text(), "0");
        open("tcp_user_timeout", new Kind.Text(), "0");
        fixed("lc_collate", new Kind.Text(), "C.UTF-8", false);
        fixed("lc_ctype", new Kind.Text(), "C.UTF-8", false);
        fixed("server_version_num", new Kind.Text(), "150018", false);
        fixed("max_identifier_length", new Kind.Text(), "63", false);
        fixed("max_index_keys", new Kind.Text(), "32", false);
        fixed("max_prepared_transactions", new Kind.Text(), "0", false);
        fixed("block_size", new Kind.Text(), "8192", false);
        fixed("wal_level", new Kind.Text(), "logical", false);
        fixed("data_directory_mode", new Kind.Text(), "0700", false);
    }

    /** The definition of a setting; a name with a dot is the user's own and always exists. */
    static Optional<Setting> find(String name) {
        var known = BY_NAME.get(name);
        if (known == null && name.indexOf('.') > 0) {
            return Optional.of(of(name, new Kind.Text(), "", false, false));
        }
        return Optional.ofNullable(known);
    }

    static Setting require(String name) {
        return find(name)
                .orElseThrow(() ->
                        new PgException(
                                SqlState.UNDEFINED_OBJECT,
                                "unrecognized configuration parameter \"" + name + "\""));
    }

    static Iterable<Setting> all() {
        return BY_NAME.values();
    }

    /** Checks a value given by a user and brings it into the form in which it is kept. */
    String accept(String value) {
        return switch (kind) {
            case Kind.Text() -> name.equals("application_name") ? printable(value) : value;
            case Kind.Flag() -> flag(value);
            case Kind.Whole() -> whole(value);
            case Kind.Millis() -> millisValue(value);
            case Kind.Real() -> real(value);
            case Kind.Choice(var words) -> choice(value, words);
            case Kind.Zone() -> zone(value);
            case Kind.DateStyle() -> dateStyle(value);
            case Kind.Encoding() -> encoding(value);
        };
    }

    /** The value as SHOW prints it. */
    String show(String kept) {
        return kind instanceof Kind.Millis ? shownMillis(Long.parseLong(kept)) : kept;
    }

    private String flag(String value) {
        var word = value.toLowerCase(Locale.ROOT);
        if (!word.isEmpty()) {
            if ("true".startsWith(word)
                    || "yes".startsWith(word)
                    || word.equals("on")
                    || word.equals("1")) {
                return "on";
            }
            if ("false".startsWith(word)
                    || "no".startsWith(word)
                    || word.equals("off")
                    || word.equals("of")
                    || word.equals("0")) {
                return "off";
            }
        }
        throw invalid("parameter \"" + name + "\" requires a Boolean value");
    }

    private String whole(String value) {
        try {
            return Long.toString(inRange(Long.parseLong(value.strip()), ""));
        } catch (NumberFormatException e) {
            throw invalidValue(value);
        }
    }

    private String real(String value) {
        try {
            return Double.toString(Double.parseDouble(value.strip()));
        } catch (NumberFormatException e) {
            throw invalidValue(value);
        }
    }

    private String millisValue(String value) {
        var text = value.strip();
        int end = 0;
        while (end < text.length()
                && (Character.isDigit(text.charAt(end)) || "+-.".indexOf(text.charAt(end)) >= 0)) {
            end++;
        }
        double factor =
                millisIn(text.substring(end).strip())
                        .orElseThrow(() ->
                                invalidValue(value)
                                        .withHint(
                                                "Valid units for this parameter are \"us\", \"ms\","
                                                        + " \"s\", \"min\", \"h\", and \"d\"."))
                        .doubleValue();
        try {
            return Long.toString(
                    inRange(
                            Math.round(Double.parseDouble(text.substring(0, end)) * factor),
                            " ms"));
        } catch (NumberFormatException e) {
            throw invalidValue(value);
        }
    }

    private static Optional<Double> millisIn(String unit) {
        return switch (unit) {
            case "us" -> Optional.of(0.001);
            case "", "ms" -> Optional.of(1.0);
            case "s" -> Optional.of(1_000.0);
            case "min" -> Optional.of(60_000.0);
            case "h" -> Optional.of(3_600_000.0);
            case "d" -> Optional.of(86_400_000.0);
            default -> Optional.empty();
        };
    }

    private static String shownMillis(long millis) {
        if (millis == 0) {
            return "0";
        }
        if (millis % 86_400_000 == 0) {
            return millis / 86_400_000 + "d";
        }
        if (millis % 3_600_000 == 0) {
            return millis / 3_600_000 + "h";
        }
        if (millis % 60_000 == 0) {
            return millis / 60_000 + "min";
        }
        return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
    }

    private long inRange(long value, String unit) {
        if (value < min || value > max) {
            throw invalid(
                    "%d%s is outside the valid range for parameter \"%s\" (%d%s .. %d%s)"
                            .formatted(value, unit, name, min, unit, max, unit));
        }
        return value;
    }

    private String choice(String value, List<String> words) {
        var wanted = value.toLowerCase(Locale.ROOT);
        if (words.contains(wanted)) {
            return wanted;
        }
        if (name.equals("synchronous_commit")) {
            return flag(value);
        }
        throw invalidValue(value).withHint("Available values: " + String.join(", ", words) + ".");
    }

    private String zone(String value) {
        return zoneOf(value).map(ZoneId::getId).orElseThrow(() -> invalidValue(value));
    }

    /** Reads a time zone as SET TIME ZONE takes it: a name, hours, or an offset. */
    static Optional<ZoneId> zoneOf(String value) {
        var text = value.strip();
        try {
            if (text.equalsIgnoreCase("local") || text.equalsIgnoreCase("default")) {
                return Optional.of(ZoneId.of("Etc/UTC"));
            }
            var hours = wholeNumber(text);
            if (hours.isPresent()) {
                return Optional.of(ZoneOffset.ofHours(hours.getAsInt()));
            }
            for (var id : ZoneId.getAvailableZoneIds()) {
                if (id.equalsIgnoreCase(text)) {
                    return Optional.of(ZoneId.of(id));
                }
            }
            return Optional.of(ZoneId.of(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static OptionalInt wholeNumber(String text) {
        try {
            return OptionalInt.of(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    private String dateStyle(String value) {
        var style = "ISO";
        var order = "MDY";
        for (var part : value.split(",", -1)) {
            switch (part.strip().toLowerCase(Locale.ROOT)) {
                case "iso" -> style = "ISO";
                case "sql" -> style = "SQL";
                case "postgres" -> style = "Postgres";
                case "german" -> style = "German";
                case "dmy", "euro", "european" -> order = "DMY";
                case "mdy", "us", "noneuro", "noneuropean" -> order = "MDY";
                case "ymd" -> order = "YMD";
                case "default" -> {}
                default ->
                        throw invalidValue(value)
                                .withDetail("Unrecognized key word: \"" + part.strip() + "\".");
            }
        }
        return style + ", " + order;
    }

    /** A question mark for each byte that is not printable ASCII, since any client may read it. */
    private static String printable(String value) {
        var text = new StringBuilder();
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            text.append(b >= ' ' && b <= '~' ? (char) b : '?');
        }
        return text.toString();
    }

    private String encoding(String value) {
        var found = Encoding.find(value).orElseThrow(() -> invalidValue(value));
        if (!found.isSpoken()) {
            throw new PgException(
                            SqlState.FEATURE_NOT_SUPPORTED, invalidValue(value).report().message())
                    .withDetail("Conversion between " + found + " and UTF8 is not supported.");
        }
        // Old drivers expect the name back that they gave.
        return value.equals("UNICODE") ? value : found.name();
    }

    private PgException invalidValue(String value) {
        return invalid("invalid value for parameter \"" + name + "\": \"" + value + "\"");
    }

    private static PgException invalid(String message) {
        return new PgException(SqlState.INVALID_PARAMETER_VALUE, message);
    }

    private static Setting of(
            String name, Kind kind, String boot, boolean isReported, boolean isFixed) {
        return new Setting(name, kind, boot, isReported, isFixed, 0, Integer.MAX_VALUE);
    }

    private static void add(Setting setting) {
        BY_NAME.put(setting.name(), setting);
    }

    private static void reported(String name, Kind kind, String boot) {
        add(of(name, kind, boot, true, false));
    }

    private static void fixed(String name, Kind kind, String boot, boolean isReported) {
        add(of(name, kind, boot, isReported, true));
    }

    private static void open(String name, Kind kind, String boot) {
        add(of(name, kind, boot, false, false));
    }

    private static void millis(String name) {
        open(name, new Kind.Millis(), "0");
    }

    private static void whole(String name, long boot, long min, long max) {
        add(new Setting(name, new Kind.Whole(), Long.toString(boot), false, false, min, max));
    }
}
