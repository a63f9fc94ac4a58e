package io.heliosdb.log;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads a log without opening it and changes nothing: from the oldest record that is there, over
 * damage, to the last. A log that is being written may be read too; it then ends somewhere.
 */
public final class LogCheck {
    /** Where a database keeps its log. */
    public static final String DIRECTORY = "log";

    private final LogFiles files;
    private final Control control;
    private final Segments segments;

    private LogCheck(LogFiles files, Control control, Segments segments) {
        this.files = files;
        this.control = control;
        this.segments = segments;
    }

    /**
     * What was found.
     *
     * @param first the oldest record
     * @param end behind the last
     * @param records how many are whole
     * @param segmentBytes the size of a file
     * @param isClosed whether the log was closed, and ends where it says
     * @param timelines oldest first
     * @param damage what is wrong, with file and offset; empty where nothing is
     */
    public record Report(
            Lsn first,
            Lsn end,
            long records,
            int segmentBytes,
            boolean isClosed,
            List<Timeline> timelines,
            List<String> damage) {}

    /**
     * Finds the log of a database.
     *
     * @param directory a data directory, or the log's own
     * @return to be read
     * @throws PgException 58P01 where there is no log, XX001 where its control file is damaged,
     *     58030 where it cannot be read
     */
    public static LogCheck of(Path directory) {
        Path inside = directory.resolve(DIRECTORY);
        try {
            return of(DiskFiles.existing(Files.isDirectory(inside) ? inside : directory));
        } catch (IOException e) {
            throw Log.failed("could not read the log in \"" + directory + "\"", e);
        }
    }

    static LogCheck of(LogFiles files) {
        try {
            var control = Control.read(files);
            if (control == null) {
                throw new PgException(
                        SqlState.UNDEFINED_FILE, "there is no log in \"" + files + "\"");
            }
            var segments = new Segments(files, control.segmentBytes());
            segments.look();
            return new LogCheck(files, control, segments);
        } catch (LogDamage e) {
            throw e.error(files);
        } catch (IOException e) {
            throw Log.failed("could not read the log in \"" + files + "\"", e);
        }
    }

    /**
     * Reads everything and checks every checksum.
     *
     * @return what was found
     * @throws PgException 58030 where the disk fails
     */
    public Report verify() {
        return read(null);
    }

    /**
     * Hands over every record that is whole.
     *
     * @param each given them in order
     * @return what was found
     * @throws PgException 58030 where the disk fails
     */
    public Report dump(Consumer<LogRecord> each) {
        return read(each);
    }

    private Report read(@Nullable Consumer<LogRecord> each) {
        var damage = new ArrayList<String>();
        try (var reader = new RecordReader(files, control.segmentBytes())) {
            long limit = segments.allocatedEnd();
            long first = Recovery.begin(reader, segments, control);
            long at = first;
            long records = 0;
            while (true) {
                var header = reader.header(at, limit);
                boolean isRecord =
                        header != null && header.timeline() == control.timelineAt(at).id();
                byte[] body = isRecord && header != null ? reader.body(header, limit) : null;
                if (header != null && body != null) {
                    records++;
                    if (each != null) {
                        each.accept(LogRecord.of(header, body));
                    }
                    at = header.end();
                    continue;
                }
                var next = behindHole(reader, at, limit, damage);
                if (next == null) {
                    break;
                }
                at = next.lsn();
            }
            if (control.cleanEnd() != 0 && control.cleanEnd() != at) {
                damage.add(place(at) + "the log was closed at " + new Lsn(control.cleanEnd()));
            }
            return new Report(
                    new Lsn(first),
                    new Lsn(at),
                    records,
                    control.segmentBytes(),
                    control.cleanEnd() == at,
                    control.timelines(),
                    List.copyOf(damage));
        } catch (IOException e) {
            throw Log.failed("could not read the log in \"" + files + "\"", e);
        }
    }

    /** The record with which the log goes on behind a hole; null where the hole is its end. */
    private @Nullable Header behindHole(
            RecordReader reader, long at, long limit, List<String> damage) throws IOException {
        var next = reader.find(at + 1, limit, control);
        var proof = next;
        while (proof != null && proof.flushed() <= at) {
            proof = reader.find(proof.lsn() + 1, limit, control);
        }
        if (next == null || proof == null) {
            return null;
        }
        damage.add(
                place(at)
                        + "no whole record, though the log was on disk up to "
                        + new Lsn(proof.flushed())
                        + "; the next is at "
                        + new Lsn(next.lsn()));
        return next;
    }

    private String place(long at) {
        int segmentBytes = control.segmentBytes();
        return "file \""
                + Segments.name(at / segmentBytes)
                + "\" at offset "
                + at % segmentBytes
                + ": ";
    }
}
