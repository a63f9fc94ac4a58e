package io.heliosdb.pgwire;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.pg.type.TextStyle;
import io.heliosdb.session.Session;

/**
 * How values look to a session by its settings, where they look different by any. Confined to the
 * backend's thread.
 */
final class SessionStyle {
    private final Session session;

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
        return session.textStyle();
    }
}
