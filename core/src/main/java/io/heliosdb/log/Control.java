package io.heliosdb.log;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What the control file says, as {@code package-info} lays it out.
 *
 * @param segmentBytes the size of a segment
 * @param cleanEnd where the log ended when it was closed; 0 while it is open
 * @param timelines oldest first, never empty
 */
record Control(int segmentBytes, long cleanEnd, List<Timeline> timelines) {
    static final String NAME = "control";
    static final String ASIDE = "control.new";

    private static final long MAGIC = 0x48454C494F4C4F47L; // HELIOLOG
    private static final int VERSION = 1;
    private static final int FIXED_BYTES = 28;
    private static final int TIMELINE_BYTES = 24;

    /** A crash loop must not make the file grow for ever. */
    private static final int TIMELINES_MAX = 4096;

    Control {
        timelines = List.copyOf(timelines);
    }

    /** The timeline that a position belongs to; its id is 0 before the first that is known. */
    Timeline timelineAt(long lsn) {
        for (int i = timelines.size() - 1; i >= 0; i--) {
            if (timelines.get(i).begin() <= lsn) {
                return timelines.get(i);
            }
        }
        return new Timeline(0, 0, 0);
    }

    Control withCleanEnd(long end) {
        return new Control(segmentBytes, end, timelines);
    }

    /** The log goes on at a position on a new timeline; those that are all before a cut go. */
    Control withTimeline(Timeline next, long firstKept) {
        var kept = new ArrayList<>(timelines);
        kept.add(next);
        while (kept.size() > TIMELINES_MAX
                || (kept.size() > 1 && kept.get(1).begin() <= firstKept)) {
            kept.removeFirst();
        }
        return new Control(segmentBytes, 0, kept);
    }

    /**
     * Reads the file.
     *
     * @return null where there is none
     * @throws LogDamage where it is not whole
     * @throws PgException 0A000 where its version is newer than this program
     */
    static @Nullable Control read(LogFiles files) throws IOException {
        if (!files.list().contains(NAME)) {
            return null;
        }
        try (var file = files.openForReading(NAME)) {
            long size = file.size();
            if (size < FIXED_BYTES + Integer.BYTES
                    || size > FIXED_BYTES + (long) TIMELINE_BYTES * (TIMELINES_MAX + 1) + 4) {
                throw new LogDamage(NAME, 0, "the control file has " + size + " bytes");
            }
            var bytes = ByteBuffer.allocate((int) size);
            file.read(bytes, 0);
            return decode(bytes.flip());
        }
    }

    /** Replaces the file, durably. */
    void write(LogFiles files) throws IOException {
        try (var file = files.open(ASIDE)) {
            file.write(encode(), 0);
            file.sync();
        }
        files.rename(ASIDE, NAME);
        files.syncDirectory();
    }

    private ByteBuffer encode() {
        var out =
                ByteBuffer.allocate(
                        FIXED_BYTES + TIMELINE_BYTES * timelines.size() + Integer.BYTES);
        out.putLong(MAGIC).putInt(VERSION).putInt(segmentBytes).putLong(cleanEnd);
        out.putInt(timelines.size());
        for (var timeline : timelines) {
            out.putLong(timeline.id()).putLong(timeline.begin()).putLong(timeline.sinceMicros());
        }
        return out.putInt(crc(out, out.position())).flip();
    }

    private static Control decode(ByteBuffer in) throws LogDamage {
        int body = in.limit() - Integer.BYTES;
        if (in.getLong() != MAGIC) {
            throw new LogDamage(NAME, 0, "this is not the control file of a log");
        }
        // It stands at the end in every version: what it does not cover is no version but damage.
        if (in.getInt(body) != crc(in, body)) {
            throw new LogDamage(NAME, 0, "the checksum of the control file is wrong");
        }
        int version = in.getInt();
        if (version > VERSION) {
            throw incompatible(version);
        }
        if (version < 1) {
            throw new LogDamage(NAME, 8, "there is no format version " + version);
        }
        int segmentBytes = in.getInt();
        long cleanEnd = in.getLong();
        int count = in.getInt();
        if (count < 1 || FIXED_BYTES + (long) TIMELINE_BYTES * count != body) {
            throw new LogDamage(NAME, 0, "the control file has " + count + " timelines");
        }
        LogOptions.requireSegment(segmentBytes);
        var timelines = new ArrayList<Timeline>();
        for (int i = 0; i < count; i++) {
            timelines.add(new Timeline(in.getLong(), in.getLong(), in.getLong()));
        }
        return new Control(segmentBytes, cleanEnd, timelines);
    }

    private static PgException incompatible(int version) {
        return new PgException(
                        SqlState.FEATURE_NOT_SUPPORTED,
                        "database files are incompatible with this program")
                .withDetail(
                        "The log has format version "
                                + version
                                + "; this program reads up to "
                                + VERSION
                                + ".")
                .withHint("Open the database with the program that wrote it, or a newer one.");
    }

    private static int crc(ByteBuffer bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes.slice(0, length));
        return (int) crc.getValue();
    }
}
