package io.heliosdb.pgwire;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.pg.type.TextStyle;
import io.heliosdb.pg.type.TextStyle.ByteaOutput;
import io.heliosdb.pg.type.TextStyle.DateOrder;
import io.heliosdb.pg.type.TextStyle.DateStyle;
import io.heliosdb.pg.type.TextStyle.IntervalStyle;
import io.heliosdb.session.Session;

import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How values look to a session by its settings. Made anew only when some setting has changed.
 * Confined to the backend's thread.
 */
final class SessionStyle {
    private static final List<String> NAMES =
            List.of("TimeZone", "DateStyle", "IntervalStyle", "extra_float_digits", "bytea_output");

    private final Session session;
    private int seen = -1;
    private TextStyle style = TextStyle.DEFAULT;

    SessionStyle(Session session) {
        this.session = session;
    }

    /** The style to read a value of a type by; only dates and times are read by settings. */
    TextStyle of(PgType type) {
        return switch (type.oid()) {
            case Oid.DATE,
                    Oid.TIME,
                    Oid.TIMETZ,
                    Oid.TIMESTAMP,
                    Oid.TIMESTAMPTZ,
                    Oid.INTERVAL,
                    Oid.DATE_ARRAY,
                    Oid.TIME_ARRAY,
                    Oid.TIMETZ_ARRAY,
                    Oid.TIMESTAMP_ARRAY,
                    Oid.TIMESTAMPTZ_ARRAY,
                    Oid.INTERVAL_ARRAY ->
                    current();
            default -> TextStyle.DEFAULT;
        };
    }

    /** The style by the settings as they are now. */
    TextStyle current() {
        int now = session.settingsVersion();
        if (now != seen) {
            seen = now;
            style = parse(NAMES.stream().map(session::setting).toList());
        }
        return style;
    }

    private static TextStyle parse(List<String> settings) {
        var dates = settings.get(1).split(", ", 2);
        return new TextStyle(
                ZoneId.of(settings.get(0)),
                choose(DateStyle.values(), dates[0]),
                choose(DateOrder.values(), dates[1]),
                choose(IntervalStyle.values(), settings.get(2)),
                Integer.parseInt(settings.get(3)),
                choose(ByteaOutput.values(), settings.get(4)));
    }

    private static <E extends Enum<E>> E choose(E[] choices, String setting) {
        var name = setting.toUpperCase(Locale.ROOT);
        return Arrays.stream(choices)
                .filter(choice -> choice.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("not a style: " + setting));
    }
}
