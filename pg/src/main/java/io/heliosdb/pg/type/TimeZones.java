package io.heliosdb.pg.type;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;

/**
 * Time zones by the names PostgreSQL knows: the IANA names in any case, the usual abbreviations,
 * and offsets from UTC.
 */
public final class TimeZones {
    /** PostgreSQL's default abbreviations, in minutes; where two zones share one, its choice. */
    private static final Map<String, Integer> ABBREVIATIONS =
            Map.ofEntries(
                    Map.entry("z", 0),
                    Map.entry("zulu", 0),
                    Map.entry("utc", 0),
                    Map.entry("ut", 0),
                    Map.entry("gmt", 0),
                    Map.entry("wet", 0),
                    Map.entry("west", 60),
                    Map.entry("bst", 60),
                    Map.entry("cet", 60),
                    Map.entry("met", 60),
                    Map.entry("cest", 120),
                    Map.entry("mest", 120),
                    Map.entry("eet", 120),
                    Map.entry("sast", 120),
                    Map.entry("ist", 120),
                    Map.entry("eest", 180),
                    Map.entry("idt", 180),
                    Map.entry("eat", 180),
                    Map.entry("msk", 180),
                    Map.entry("msd", 240),
                    Map.entry("pkt", 300),
                    Map.entry("ict", 420),
                    Map.entry("hkt", 480),
                    Map.entry("pht", 480),
                    Map.entry("awst", 480),
                    Map.entry("jst", 540),
                    Map.entry("kst", 540),
                    Map.entry("acst", 570),
                    Map.entry("aest", 600),
                    Map.entry("acdt", 630),
                    Map.entry("aedt", 660),
                    Map.entry("nzst", 720),
                    Map.entry("nzdt", 780),
                    Map.entry("brt", -180),
                    Map.entry("art", -180),
                    Map.entry("adt", -180),
                    Map.entry("nst", -210),
                    Map.entry("ndt", -150),
                    Map.entry("ast", -240),
                    Map.entry("edt", -240),
                    Map.entry("est", -300),
                    Map.entry("cdt", -300),
                    Map.entry("cst", -360),
                    Map.entry("mdt", -360),
                    Map.entry("mst", -420),
                    Map.entry("pdt", -420),
                    Map.entry("pst", -480),
                    Map.entry("akdt", -480),
                    Map.entry("akst", -540),
                    Map.entry("hst", -600));

    private TimeZones() {}

    /**
     * The zone with a name, as {@code SET TimeZone} and AT TIME ZONE take it.
     *
     * @param name such as {@code Europe/Paris}, {@code UTC}, {@code PST} or {@code +02:00}
     * @return the zone, where there is one
     */
    public static Optional<ZoneId> byName(String name) {
        var key = name.strip().toLowerCase(Locale.ROOT);
        var minutes = ABBREVIATIONS.get(key);
        if (minutes != null) {
            return Optional.of(
                    minutes == 0 ? ZoneOffset.UTC : ZoneOffset.ofTotalSeconds(minutes * 60));
        }
        var region = Regions.BY_NAME.get(key);
        if (region != null) {
            return Optional.of(region);
        }
        return offset(key);
    }

    /**
     * The offset of a local time. One that a change of clocks skips takes the offset before it, one
     * that happens twice the offset after it, as PostgreSQL has it.
     */
    static ZoneOffset offsetOf(LocalDateTime local, ZoneId zone) {
        var rules = zone.getRules();
        var transition = rules.getTransition(local);
        return transition != null && transition.isOverlap()
                ? transition.getOffsetAfter()
                : rules.getOffset(local);
    }

    /** The abbreviation of a zone at a moment: a word, or the offset where it has none. */
    static String abbreviation(ZoneId zone, Instant at) {
        if (zone.equals(ZoneOffset.UTC)) {
            return "UTC";
        }
        var rules = zone.getRules();
        var transitions = rules.getTransitions();
        if (!transitions.isEmpty() && at.isBefore(transitions.getFirst().getInstant())) {
            return "LMT";
        }
        var name =
                TimeZone.getTimeZone(zone)
                        .getDisplayName(
                                rules.isDaylightSavings(at), TimeZone.SHORT, Locale.ENGLISH);
        return name.matches("[A-Z]+") ? name : rules.getOffset(at).getId().replace(":", "");
    }

    private static Optional<ZoneId> offset(String key) {
        if (key.isEmpty() || "+-0123456789".indexOf(key.charAt(0)) < 0) {
            return Optional.empty();
        }
        try {
            var signed = Character.isDigit(key.charAt(0)) ? '+' + key : key;
            return Optional.of(ZoneOffset.of(signed));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Filled at the first look-up of a name, since most processes never make one. */
    private static final class Regions {
        static final Map<String, ZoneId> BY_NAME = new HashMap<>();

        static {
            for (var id : ZoneId.getAvailableZoneIds()) {
                BY_NAME.put(id.toLowerCase(Locale.ROOT), ZoneId.of(id));
            }
        }
    }
}
