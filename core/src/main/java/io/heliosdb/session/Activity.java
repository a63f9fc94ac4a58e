package io.heliosdb.session;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * What a session does, as pg_stat_activity shows it. Written by the thread that uses the session,
 * read by any.
 */
final class Activity {
    /** As much of a statement is shown, in bytes, as with PostgreSQL's default settings. */
    private static final int QUERY_BYTES_MAX = 1023;

    /**
     * One moment.
     *
     * @param state in the view's words
     * @param query what runs, or has run last
     * @param queryStart when that began
     * @param changed when the state became this
     * @param transactionStart when the open transaction began
     */
    record Now(
            String state,
            String query,
            @Nullable Instant queryStart,
            Instant changed,
            @Nullable Instant transactionStart) {}

    private volatile Now now = new Now("idle", "", null, Instant.now(), null);

    Now now() {
        return now;
    }

    /** A statement, or a string of them, begins. */
    void runs(String query) {
        var at = Instant.now();
        var begun = now.transactionStart;
        now = new Now("active", query, at, at, begun == null ? at : begun);
    }

    /** The session waits for its client; in the middle of a batch it stays active. */
    void waits(TransactionBlock.State block) {
        String state =
                switch (block) {
                    case NONE -> "idle";
                    case IMPLICIT -> "active";
                    case BLOCK -> "idle in transaction";
                    case FAILED -> "idle in transaction (aborted)";
                };
        boolean isOpen = block != TransactionBlock.State.NONE;
        var last = now;
        now =
                new Now(
                        state,
                        last.query,
                        last.queryStart,
                        Instant.now(),
                        isOpen ? last.transactionStart : null);
    }

    /** A statement as the view shows it: its beginning, in whole characters. */
    static String shown(String query) {
        byte[] bytes = query.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= QUERY_BYTES_MAX) {
            return query;
        }
        int end = QUERY_BYTES_MAX;
        while ((bytes[end] & 0xc0) == 0x80) {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }
}
