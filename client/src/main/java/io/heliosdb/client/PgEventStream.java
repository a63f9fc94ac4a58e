package io.heliosdb.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliosdb.client.events.EventStream;
import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Closed;
import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.Token;
import io.heliosdb.pg.pgoutput.Change;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Events out of PostgreSQL's log: the messages of each transaction, counted from its first. After a
 * loss of the connection the server sends anew what comes after a position at or before the last
 * event; up to that event it is passed over here.
 */
final class PgEventStream implements EventStream {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    /** How often a reader that takes a consumer over tries, while the earlier one comes back. */
    private static final int TAKE_OVERS_MAX = 20;

    private final UrlSource source;
    private final ChangeOptions options;
    private final EventSlot slot;
    private final ChannelFilter filter;
    private final Consumer<PgEventStream> onClose;
    private final Acknowledgements acknowledgements = new Acknowledgements();
    private final ChangeLoop<Delivery> loop;

    /** Behind this all was taken; written by who takes. */
    private volatile Token taken = new Token(1, Lsn.ZERO, 0);

    /** Behind this all was put into the queue; written by the loop's thread. */
    private volatile Token quiet = taken;

    PgEventStream(
            UrlSource source,
            ChangeOptions options,
            EventSlot slot,
            ChannelFilter filter,
            Consumer<PgEventStream> onClose) {
        this.source = source;
        this.options = options;
        this.slot = slot;
        this.filter = filter;
        this.onClose = onClose;
        loop =
                new ChangeLoop<>(
                        "heliosdb-events-" + NUMBERS.incrementAndGet(), options, new Reading());
    }

    void start() throws SQLException {
        loop.start();
    }

    @Override
    public Optional<Delivery> receive(Duration timeout) throws InterruptedException {
        var delivery = loop.take(timeout);
        if (delivery == null) {
            return loop.isExhausted() ? Optional.of(new Closed(loop.failure())) : Optional.empty();
        }
        if (delivery instanceof Notification event) {
            taken = event.token().orElseThrow();
        } else if (delivery instanceof Gap gap) {
            taken = EventSchema.before(quiet.timeline(), gap.to());
        }
        return Optional.of(delivery);
    }

    @Override
    public void ack(Token token) {
        acknowledgements.acknowledge(token).ifPresent(loop::acknowledge);
    }

    @Override
    public Token position() {
        // In this order: what is put after the first look is behind it.
        var behind = quiet;
        var last = taken;
        return loop.isEmpty() && Acknowledgements.compare(behind, last) > 0 ? behind : last;
    }

    @Override
    public void close() {
        loop.close();
        onClose.accept(this);
    }

    /** Used by the loop's thread, and by who starts it before that. */
    private final class Reading implements ChangeLoop.Work {
        /** Behind this event all was put; null before the first connection. */
        private @Nullable Token place;

        private long history;
        private Lsn transaction = Lsn.ZERO;
        private int ordinal;
        private boolean inTransaction;

        @Override
        public ReplicationLink open(WakeableSocketFactory.Expected opening) throws SQLException {
            int attempt = 1;
            while (true) {
                try {
                    return ReplicationLink.open(source, options, opening, this::prepare);
                } catch (SQLException e) {
                    boolean isTaken = EventSlots.is(e, SqlState.OBJECT_IN_USE);
                    if (!isTaken || place != null || attempt++ == TAKE_OVERS_MAX) {
                        throw e;
                    }
                }
            }
        }

        private ReplicationLink.Start prepare(Connection connection) throws SQLException {
            var begin = slot.begin(connection, place);
            var gap = begin.gap();
            if (gap.isPresent()) {
                put(gap.get());
            }
            if (!begin.place().equals(place)) {
                var at = begin.place();
                history = at.timeline();
                if (gap.isPresent() || place == null) {
                    quiet = at;
                }
                if (place == null && gap.isEmpty()) {
                    taken = at;
                }
                place = at;
            }
            return begin.start();
        }

        private void put(Delivery delivery) throws SQLException {
            try {
                loop.put(delivery);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SQLException("interrupted", SqlState.QUERY_CANCELED.code(), e);
            }
        }

        @Override
        public void begin() {
            inTransaction = false;
        }

        @Override
        public void read(Change change) throws SQLException, InterruptedException {
            if (change instanceof Change.Begin begin) {
                inTransaction = true;
                transaction = begin.finalLsn();
                ordinal = 0;
            } else if (change instanceof Change.Message message
                    && message.transactional()
                    && message.prefix().equals(EventSchema.PREFIX)) {
                event(message);
            } else if (change instanceof Change.Commit commit) {
                inTransaction = false;
                var end = new Token(history, commit.commitLsn(), Integer.MAX_VALUE);
                moveTo(end);
                quiet = end;
                var done =
                        slot.isKept()
                                ? acknowledgements.committed(commit.endLsn())
                                : Optional.of(commit.endLsn());
                done.ifPresent(loop::acknowledge);
            }
        }

        private void event(Change.Message message) throws SQLException, InterruptedException {
            var token = new Token(history, transaction, ordinal++);
            var last = place;
            if (last != null && Acknowledgements.compare(token, last) <= 0) {
                return;
            }
            var event = decode(token, message.content());
            if (filter.matches(event.channel())) {
                acknowledgements.given(token);
                loop.put(event);
            }
            moveTo(token);
        }

        private void moveTo(Token token) {
            var last = place;
            if (last == null || Acknowledgements.compare(token, last) > 0) {
                place = token;
            }
        }

        @Override
        public boolean isSettled(Lsn acknowledged) {
            return !inTransaction && (!slot.isKept() || acknowledgements.isAllDone());
        }

        @Override
        public void readUpTo(Lsn position) {
            if (!inTransaction) {
                var behind = EventSchema.before(history, position);
                if (Acknowledgements.compare(behind, quiet) > 0) {
                    quiet = behind;
                    moveTo(behind);
                }
            }
        }

        @Override
        public boolean isFinal(SQLException e) {
            return slot.isFinal(e);
        }
    }

    /** Reads what heliosdb_publish has written. */
    private static Notification decode(Token token, byte[] content) {
        var text = new String(content, UTF_8);
        try {
            int afterPid = text.indexOf(' ');
            int afterLength = text.indexOf(' ', afterPid + 1);
            int pid = Integer.parseInt(text, 0, afterPid, 10);
            int length = Integer.parseInt(text, afterPid + 1, afterLength, 10);
            int end = text.offsetByCodePoints(afterLength + 1, length);
            return new Notification(
                    token.timeline(),
                    token.lsn(),
                    token.ordinal(),
                    pid,
                    text.substring(afterLength + 1, end),
                    text.substring(end));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw new PgException(
                    SqlState.PROTOCOL_VIOLATION,
                    "a message called \"" + EventSchema.PREFIX + "\" is no event");
        }
    }
}
