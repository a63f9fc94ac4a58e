package io.heliosdb.session;

import io.heliosdb.log.Log;
import io.heliosdb.log.LogFilter;
import io.heliosdb.log.LogHold;
import io.heliosdb.log.LogReader;
import io.heliosdb.log.LogRecord;
import io.heliosdb.log.Timeline;
import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.Token;
import io.heliosdb.pubsub.History;
import io.heliosdb.pubsub.Interest;
import io.heliosdb.pubsub.Place;
import io.heliosdb.pubsub.Since;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The log as the history of notifications. Where a timeline ends a crash may have cut off what
 * nobody waited for, so a reader that comes from an earlier timeline gets a gap there; and one that
 * was given more of it than was kept goes on at its end.
 */
final class LogHistory implements History {
    private static final int UNKNOWN = -1;

    private final Log log;

    LogHistory(Log log) {
        this.log = log;
    }

    @Override
    public Start start(Since since) {
        return switch (since) {
            case Since.After(var token) -> after(token);
            case Since.At(var time) -> at(time);
            case Since.Ago(var span) -> at(Instant.now().minus(span));
        };
    }

    private Start after(Token token) {
        var lines = log.timelines();
        var place = Place.of(token);
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            if (line.id() == token.timeline() && place.lsn() >= line.begin() - 1) {
                boolean isLast = i == lines.size() - 1;
                long end = isLast ? log.end().value() : lines.get(i + 1).begin();
                if (place.lsn() < end) {
                    return from(place, line.begin());
                }
                // More than was kept: nothing behind the end of its timeline is believed.
                var cut = isLast ? List.of(cut(end)) : List.<Gap>of();
                return from(Place.justBefore(end), line.begin(), cut);
            }
        }
        return from(begin(), log.timelineAt(new Lsn(oldest())).begin(), List.of(unknown()));
    }

    private Start at(Instant time) {
        log.flush(); // Times are looked for on disk.
        long first = log.find(time).value();
        long line = log.timelineAt(new Lsn(first)).begin();
        boolean mayMiss = !log.isWhole() && first <= oldest();
        return from(Place.before(first), line, mayMiss ? List.of(removed(Lsn.ZERO)) : List.of());
    }

    private Start from(Place after, long line) {
        if (!log.isWhole() && after.position() < oldest()) {
            return from(begin(), line, List.of(removed(new Lsn(after.lsn()))));
        }
        return from(after, line, List.of());
    }

    private Start from(Place after, long line, List<Gap> lead) {
        var gaps = new ArrayList<>(lead);
        for (var later : log.timelines()) {
            if (later.begin() > line) {
                gaps.add(cut(later.begin()));
            }
        }
        return new Start(after, line, gaps, lead);
    }

    /** Before all that is kept. */
    private Place begin() {
        return Place.before(oldest());
    }

    private long oldest() {
        return log.oldest().value();
    }

    private Gap removed(Lsn from) {
        return new Gap(from, new Lsn(Math.max(from.value(), oldest() - 1)), UNKNOWN, false);
    }

    private Gap unknown() {
        return new Gap(Lsn.ZERO, new Lsn(oldest() - 1), UNKNOWN, true);
    }

    private static Gap cut(long position) {
        return new Gap(new Lsn(position), new Lsn(position), UNKNOWN, true);
    }

    @Override
    public Chunk read(Place after, long line, Place upTo, Interest interest, int bytesMax) {
        var filter =
                interest.wildcards().isEmpty()
                        ? LogFilter.onChannels(interest.channels())
                        : LogFilter.notifying();
        var part = new Part(after, line, interest);
        var end = new Lsn(upTo.position());
        try (var reader = log.reader(new Lsn(after.position()), filter)) {
            long bytes = 0;
            var next = next(reader, end, part);
            while (next.isPresent()) {
                part.add(next.get());
                bytes += next.get().end().value() - next.get().lsn().value();
                if (bytes >= bytesMax && reader.position().compareTo(end) < 0) {
                    return part.upTo(Place.justBefore(reader.position().value()));
                }
                next = next(reader, end, part);
            }
            part.enter(end.value());
            return part.upTo(upTo);
        } catch (PgException e) {
            if (!e.sqlState().equals(SqlState.UNDEFINED_FILE)) {
                throw e;
            }
            return part.removed();
        }
    }

    private Optional<LogRecord> next(LogReader reader, Lsn end, Part part) {
        part.position = reader.position().value();
        return reader.next(end);
    }

    /** A stretch as it is read. */
    private final class Part {
        private final Place after;
        private final Interest interest;
        private final List<Delivery> deliveries = new ArrayList<>();
        private long line;

        /** Where the reader stood last. */
        private long position;

        Part(Place after, long line, Interest interest) {
            this.after = after;
            this.line = line;
            this.interest = interest;
        }

        void add(LogRecord record) {
            enter(record.lsn().value());
            var notices = record.entry().notifications();
            for (int i = 0; i < notices.size(); i++) {
                var notice = notices.get(i);
                if (notice.isKept()
                        && interest.wants(notice.channel())
                        && after.compareTo(new Place(record.lsn().value(), i)) < 0) {
                    deliveries.add(
                            new Notification(
                                    record.timeline(),
                                    record.lsn(),
                                    i,
                                    record.entry().pid(),
                                    notice.channel(),
                                    notice.payload()));
                }
            }
        }

        /** Comes to a position: each timeline that begins on the way there is a gap. */
        void enter(long at) {
            for (Timeline next : log.timelines()) {
                if (next.begin() > line && next.begin() <= at) {
                    deliveries.add(cut(next.begin()));
                    line = next.begin();
                }
            }
        }

        Chunk upTo(Place reached) {
            return new Chunk(deliveries, reached, line);
        }

        /** What comes next is gone: what was read before counts, and then comes a gap. */
        Chunk removed() {
            var from = new Lsn(Math.max(after.lsn(), position - 1));
            deliveries.add(LogHistory.this.removed(from));
            return upTo(begin());
        }
    }

    @Override
    public Claim claim(Place after) {
        return new Held(log.hold(new Lsn(after.position())));
    }

    private record Held(LogHold hold) implements Claim {
        @Override
        public void advance(Place reached) {
            hold.advance(new Lsn(reached.position()));
        }

        @Override
        public void close() {
            hold.close();
        }
    }

    @Override
    public long timelineAt(Place place) {
        return log.timelineAt(new Lsn(place.position())).id();
    }

    @Override
    public long timeline() {
        return log.timelines().getLast().id();
    }

    @Override
    public long line() {
        return log.timelines().getLast().begin();
    }
}
