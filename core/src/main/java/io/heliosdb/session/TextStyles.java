package io.heliosdb.session;

import io.heliosdb.pg.type.TextStyle;
import io.heliosdb.pg.type.TextStyle.ByteaOutput;
import io.heliosdb.pg.type.TextStyle.DateOrder;
import io.heliosdb.pg.type.TextStyle.DateStyle;
import io.heliosdb.pg.type.TextStyle.IntervalStyle;

import java.time.ZoneId;
import java.util.Arrays;
import java.util.Locale;

/** How values look to a session by its settings; made anew only when some setting has changed. */
final class TextStyles {
    private final Settings settings;
    private int seen = -1;
    private TextStyle style = TextStyle.DEFAULT;

    TextStyles(Settings settings) {
        this.settings = settings;
    }

    TextStyle current() {
        if (settings.version() != seen) {
            seen = settings.version();
            style = read();
        }
        return style;
    }

    private TextStyle read() {
        var dates = settings.shown("DateStyle").split(", ", 2);
        return new TextStyle(
                ZoneId.of(settings.shown("TimeZone")),
                choose(DateStyle.values(), dates[0]),
                choose(DateOrder.values(), dates[1]),
                choose(IntervalStyle.values(), settings.shown("IntervalStyle")),
                Integer.parseInt(settings.shown("extra_float_digits")),
                choose(ByteaOutput.values(), settings.shown("bytea_output")));
    }

    private static <E extends Enum<E>> E choose(E[] choices, String setting) {
        var name = setting.toUpperCase(Locale.ROOT);
        return Arrays.stream(choices)
                .filter(choice -> choice.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("not a style: " + setting));
    }
}
