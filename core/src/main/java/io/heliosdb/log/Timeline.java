package io.heliosdb.log;

import java.time.Instant;

/**
 * A stretch of the log's history between two crashes or restores.
 *
 * @param id random; 0 is none
 * @param begin the first position that belongs to it
 * @param sinceMicros when it began, microseconds since 1970
 */
public record Timeline(long id, long begin, long sinceMicros) {
    private static final long MICROS = 1_000_000;

    /**
     * When it began.
     *
     * @return the time
     */
    public Instant since() {
        return instant(sinceMicros);
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000);
    }

    static long micros(Instant instant) {
        return instant.getEpochSecond() * MICROS + instant.getNano() / 1000;
    }
}
