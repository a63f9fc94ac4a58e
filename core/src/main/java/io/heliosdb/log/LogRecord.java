package io.heliosdb.log;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.Token;

import java.time.Instant;

/**
 * A committed transaction as the log has it.
 *
 * @param lsn the position of its first byte
 * @param end the position behind it
 * @param timeline the id of the timeline it belongs to
 * @param commitTime when it committed; never before that of an earlier record
 * @param entry what it did
 */
public record LogRecord(Lsn lsn, Lsn end, long timeline, Instant commitTime, LogEntry entry) {
    static LogRecord of(Header header, byte[] body) {
        return new LogRecord(
                new Lsn(header.lsn()),
                new Lsn(header.end()),
                header.timeline(),
                Timeline.instant(header.commitMicros()),
                EntryCodec.decode(body));
    }

    /**
     * The place of one of its notifications.
     *
     * @param ordinal from 0
     * @return from where a listener that has it goes on
     */
    public Token token(int ordinal) {
        return new Token(timeline, lsn, ordinal);
    }
}
