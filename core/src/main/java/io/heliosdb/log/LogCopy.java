package io.heliosdb.log;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a part of a log into a log of its own, which ends where it is told: of a backup, and of a
 * database that is to be as it was at some moment. Opening it begins a new timeline, as after a
 * crash, so that no token of what came later is believed.
 */
public final class LogCopy {
    private static final int COPY_BYTES = 1 << 20;

    private final LogFiles source;
    private final Control control;
    private final Segments segments;

    private LogCopy(LogFiles source) throws IOException {
        this.source = source;
        var found = Control.read(source);
        if (found == null) {
            throw new PgException(SqlState.UNDEFINED_FILE, "there is no log in \"" + source + "\"");
        }
        control = found;
        segments = new Segments(source, control.segmentBytes());
        segments.look();
    }

    /**
     * Where a copy ends.
     *
     * @param lsn behind the last record that it may have; empty for no bound
     * @param time no record that committed later; empty for no bound
     */
    public record Until(@Nullable Lsn lsn, @Nullable Instant time) {
        /** Everything. */
        public static final Until END = new Until(null, null);

        boolean includes(Header header) {
            return (lsn == null || header.end() <= lsn.value())
                    && (time == null || !Timeline.instant(header.commitMicros()).isAfter(time));
        }
    }

    /**
     * Copies records from a position on into an empty directory.
     *
     * @param directory of a database, or of its log alone; it may be open
     * @param from the first record, or the end of the log
     * @param until where to end
     * @param target the new log's own directory
     * @return the end of the copy
     * @throws PgException 58P01 where the log no longer begins at the position, 58030 where the
     *     disk fails, 53100 where it is full, XX001 where the log is damaged before the end
     */
    public static Lsn copy(Path directory, Lsn from, Until until, Path target) {
        Path inside = directory.resolve(LogCheck.DIRECTORY);
        try {
            var source = DiskFiles.existing(Files.isDirectory(inside) ? inside : directory);
            return new LogCopy(source).copy(from.value(), until, DiskFiles.at(target));
        } catch (LogDamage e) {
            throw new PgException(
                    SqlState.DATA_CORRUPTED,
                    "the log in \"" + directory + "\" is damaged: " + e.getMessage());
        } catch (IOException e) {
            throw Log.failed("could not copy the log in \"" + directory + "\"", e);
        }
    }

    private Lsn copy(long from, Until until, LogFiles target) throws IOException {
        try (var reader = new RecordReader(source, control.segmentBytes())) {
            long end = end(reader, from, until);
            write(reader, from, end, target);
            return new Lsn(end);
        }
    }

    /** Behind the last record that is wanted. */
    private long end(RecordReader reader, long from, Until until) throws IOException {
        long limit = segments.allocatedEnd();
        long at = from;
        if (from < segments.first()) {
            throw new PgException(
                            SqlState.UNDEFINED_FILE,
                            "requested log position " + new Lsn(from) + " has already been removed")
                    .withDetail("The log begins at " + new Lsn(segments.first()) + ".");
        }
        while (true) {
            var header = reader.header(at, limit);
            if (header == null
                    || header.timeline() != control.timelineAt(at).id()
                    || !until.includes(header)
                    || reader.body(header, limit) == null) {
                return at;
            }
            at = header.end();
        }
    }

    private void write(RecordReader reader, long from, long end, LogFiles target)
            throws IOException {
        int segmentBytes = control.segmentBytes();
        var copy = new Segments(target, segmentBytes);
        do {
            copy.allocate(from);
        } while (copy.allocatedEnd() < end);
        var chunk = ByteBuffer.allocate(COPY_BYTES);
        for (long at = from; at < end; ) {
            reader.read(chunk.clear().limit((int) Math.min(COPY_BYTES, end - at)), at);
            if (chunk.position() == 0) {
                throw new IOException("the log ends while it is copied");
            }
            int length = chunk.position();
            copy.write(chunk.flip(), at);
            at += length;
        }
        copy.sync();
        copy.close();
        new Control(segmentBytes, 0, timelines(from, end)).write(target);
    }

    /** Those that the copy has part in; the first begins with it. */
    private List<Timeline> timelines(long from, long end) {
        var first = control.timelineAt(from);
        var known = new ArrayList<Timeline>();
        known.add(new Timeline(first.id(), from, first.sinceMicros()));
        for (var timeline : control.timelines()) {
            if (timeline.begin() > from && timeline.begin() <= end) {
                known.add(timeline);
            }
        }
        return known;
    }
}
