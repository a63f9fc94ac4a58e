package io.heliosdb.log;

import io.heliosdb.pg.Lsn;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;

/**
 * Finds out where a log ends, and makes it fit to go on from there.
 *
 * <ol>
 *   <li>Records are read from the last checkpoint on, up to the first that is not whole.
 *   <li>A header behind that place that says the log was on disk beyond it, or a clean close that
 *       names another end, means damage: nothing is changed.
 *   <li>What the last record cannot vouch for as on disk is written once more and flushed: after a
 *       failed flush the operating system may show what the disk does not have.
 *   <li>After anything but a clean close a new timeline begins at the end, so that nothing that
 *       still stands behind it ever counts.
 * </ol>
 */
final class Recovery {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int COPY_BYTES = 1 << 20;

    private final LogFiles files;
    private final Control before;
    private final Segments segments;

    /** What is known to have been on disk. */
    private long flushed;

    private long end;
    private long lastCommitMicros;

    private Recovery(LogFiles files, Control before, Segments segments, long start) {
        this.files = files;
        this.before = before;
        this.segments = segments;
        flushed = start;
        end = start;
    }

    /** A log that is fit to be appended to. */
    record Outcome(Control control, Segments segments, long end, long lastCommitMicros) {}

    /** Opens an existing log, or makes a new one where there is none and none is expected. */
    static Outcome open(LogFiles files, LogOptions options, Lsn redo) throws IOException {
        var control = Control.read(files);
        if (control == null) {
            if (redo.value() > 0) {
                throw new LogDamage(
                        Control.NAME, 0, "the log is gone, though the database goes on at " + redo);
            }
            return create(files, options);
        }
        var segments = new Segments(files, control.segmentBytes());
        segments.load();
        long start = redo.value();
        if (start == 0) {
            try (var reader = new RecordReader(files, control.segmentBytes())) {
                start = begin(reader, segments, control);
            }
        }
        var recovery = new Recovery(files, control, segments, start);
        recovery.scan();
        return recovery.finish();
    }

    /** The position of the oldest whole record, or the end where there is none. */
    static long begin(RecordReader reader, Segments segments, Control control) throws IOException {
        long origin = control.timelines().getFirst().begin();
        if (segments.first() <= origin) {
            return origin; // Nothing has been removed, so this is a record's place.
        }
        long first = segments.first();
        if (control.cleanEnd() != 0 && control.cleanEnd() <= first) {
            return control.cleanEnd();
        }
        var header = reader.find(first, segments.allocatedEnd(), control);
        if (header != null) {
            return header.lsn();
        }
        long newest = Math.max(first, control.timelines().getLast().begin());
        return control.cleanEnd() != 0 ? control.cleanEnd() : newest;
    }

    private static Outcome create(LogFiles files, LogOptions options) throws IOException {
        for (String name : files.list()) {
            if (Segments.isSegment(name)) {
                files.delete(name); // A creation that did not get as far as the control file.
            }
        }
        int segmentBytes = options.segmentBytes();
        var segments = new Segments(files, segmentBytes);
        segments.load();
        segments.allocate(segmentBytes);
        segments.allocate(segmentBytes);
        var control = new Control(segmentBytes, 0, List.of(timeline(segmentBytes)));
        control.write(files);
        return new Outcome(control, segments, segmentBytes, 0);
    }

    private static Timeline timeline(long begin) {
        long id = RANDOM.nextLong();
        return new Timeline(id == 0 ? 1 : id, begin, Timeline.micros(Instant.now()));
    }

    private void scan() throws IOException {
        try (var reader = new RecordReader(files, segments.segmentBytes())) {
            long limit = segments.allocatedEnd();
            while (true) {
                var header = reader.header(end, limit);
                if (header == null
                        || header.timeline() != before.timelineAt(end).id()
                        || reader.body(header, limit) == null) {
                    break;
                }
                flushed = Math.max(flushed, header.flushed());
                lastCommitMicros = header.commitMicros();
                end = header.end();
            }
            requireNothingBehind(reader, limit);
        }
        if (before.cleanEnd() > end || (before.cleanEnd() != 0 && before.cleanEnd() < end)) {
            throw damage("the log was closed at " + new Lsn(before.cleanEnd()));
        }
    }

    private void requireNothingBehind(RecordReader reader, long limit) throws IOException {
        long at = end;
        while (true) {
            var later = reader.find(at, limit, before);
            if (later == null) {
                return;
            }
            if (later.flushed() > end) {
                throw damage(
                        "there is no whole record, but one at "
                                + new Lsn(later.lsn())
                                + " was written when the log was on disk up to "
                                + new Lsn(later.flushed()));
            }
            at = later.lsn() + Long.BYTES;
        }
    }

    private LogDamage damage(String what) {
        int segmentBytes = segments.segmentBytes();
        return new LogDamage(Segments.name(end / segmentBytes), end % segmentBytes, what);
    }

    private Outcome finish() throws IOException {
        while (segments.allocatedEnd() < end + segments.segmentBytes()) {
            segments.allocate(end);
        }
        if (before.cleanEnd() != 0) {
            var open = before.withCleanEnd(0);
            open.write(files);
            return new Outcome(open, segments, end, lastCommitMicros);
        }
        writeOnceMore();
        var after = before.withTimeline(timeline(end), segments.first());
        after.write(files);
        return new Outcome(after, segments, end, lastCommitMicros);
    }

    private void writeOnceMore() throws IOException {
        try (var reader = new RecordReader(files, segments.segmentBytes())) {
            for (long at = Math.min(flushed, end); at < end; ) {
                var copy = ByteBuffer.allocate((int) Math.min(COPY_BYTES, end - at));
                reader.read(copy, at);
                int length = copy.position();
                if (length == 0) {
                    throw damage("the file ends while it is read");
                }
                segments.write(copy.flip(), at);
                at += length;
            }
            segments.sync();
        }
    }
}
