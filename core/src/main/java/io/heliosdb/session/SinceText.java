package io.heliosdb.session;

import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgInterval;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.pg.type.TextStyle;
import io.heliosdb.pubsub.Since;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;

/** What heliosdb_listen takes and gives, as text. */
final class SinceText {
    private static final Pattern TOKEN = Pattern.compile("\\s*[0-9a-fA-F]+/[0-9a-fA-F]+/.*");
    private static final Pattern TIME = Pattern.compile("\\s*[0-9]{4,}-.*");
    private static final int DAYS_OF_MONTH = 30;

    private SinceText() {}

    /**
     * Reads a token, a time, or an interval that ends in the past, with or without its sign.
     *
     * @throws PgException 22P02, 22007 or 22008 where it is none of them
     */
    static Since parse(String text, TextStyle style) {
        if (TOKEN.matcher(text).matches()) {
            return Since.since(text.strip());
        }
        if (TIME.matcher(text).matches()) {
            var time = PgType.of(Oid.TIMESTAMPTZ).decodeText(text, style);
            if (time instanceof OffsetDateTime moment) {
                return Since.since(moment.toInstant());
            }
            throw invalid(text);
        }
        if (PgType.of(Oid.INTERVAL).decodeText(text, style) instanceof PgInterval interval) {
            return Since.since(duration(interval).abs());
        }
        throw invalid(text);
    }

    private static PgException invalid(String text) {
        return new PgException(
                        SqlState.INVALID_PARAMETER_VALUE, "cannot listen since \"" + text + "\"")
                .withHint("Give a token, an interval such as '-1 hour', or a time.");
    }

    private static Duration duration(PgInterval interval) {
        return Duration.ofDays((long) interval.months() * DAYS_OF_MONTH + interval.days())
                .plus(interval.micros(), ChronoUnit.MICROS);
    }

    /** The gaps as one, as a JSON object. */
    static String print(List<Gap> gaps) {
        boolean isVolatile = gaps.stream().anyMatch(Gap::isVolatile);
        boolean isKnown = gaps.stream().allMatch(gap -> gap.missed() >= 0);
        long missed = gaps.stream().mapToLong(Gap::missed).sum();
        return "{\"from\":\"%s\",\"to\":\"%s\",\"missed\":%s,\"volatile\":%s}"
                .formatted(
                        gaps.getFirst().from(),
                        gaps.getLast().to(),
                        isKnown ? Long.toString(missed) : "null",
                        isVolatile);
    }
}
