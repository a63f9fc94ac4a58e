package io.heliosdb.pgwire;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.session.Session;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * How long a session outside a transaction may wait for its client's next command: its setting
 * {@code idle_session_timeout}. (A session in a transaction keeps its own clock.) The setting is
 * looked at before each wait, and read only when some setting has changed. Confined to the
 * backend's thread.
 */
final class IdleLimit {
    private static final String NAME = "idle_session_timeout";

    private final Session session;
    private final ClientInput input;
    private int seen = -1;
    private Optional<Duration> limit = Optional.empty();

    IdleLimit(Session session, ClientInput input) {
        this.session = session;
        this.input = input;
    }

    /** The wait for a command begins; the limit holds only outside a transaction. */
    void begin(boolean isIdle) throws IOException {
        if (isIdle && refresh().isPresent()) {
            input.limit(limit.get());
        }
    }

    /** The command has come. */
    void end() throws IOException {
        input.unlimit();
    }

    private Optional<Duration> refresh() {
        int now = session.settingsVersion();
        if (now != seen) {
            seen = now;
            limit = Optional.of(parse(session.setting(NAME))).filter(time -> !time.isZero());
        }
        return limit;
    }

    /** What a client that let the session wait too long is told. */
    static PgException exceeded() {
        return PgException.fatal(
                SqlState.IDLE_SESSION_TIMEOUT,
                "terminating connection due to idle-session timeout");
    }

    /** A time as SHOW prints it, such as {@code 10s}; one without a unit is in milliseconds. */
    static Duration parse(String shown) {
        int digits = 0;
        while (digits < shown.length() && Character.isDigit(shown.charAt(digits))) {
            digits++;
        }
        long number = Long.parseLong(shown, 0, digits, 10);
        return switch (shown.substring(digits).strip()) {
            case "", "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "min" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> throw new IllegalStateException("not a time: " + shown);
        };
    }
}
