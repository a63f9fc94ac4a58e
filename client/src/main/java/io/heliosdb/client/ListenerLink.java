package io.heliosdb.client;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Closed;
import io.heliosdb.pg.Delivery.ConnectionLost;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.Delivery.Reconnected;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.net.SocketException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A listener's connection, kept up by one platform thread that alone reads, executes and
 * reconnects. Others give it {@link Command}s and wake it; while there is nothing to do it waits in
 * the socket, and runs for the keep-alive only.
 *
 * <p>What is promised. A channel is wanted from the moment the server confirmed its LISTEN, and on
 * every later connection it is listened to before {@link Reconnected} is said; so nothing sent
 * after that is missed. {@link ConnectionLost} is said before it, after everything that was read
 * from the old connection. Where the server keeps a history, a {@link HistoryPlace} resumes it.
 */
final class ListenerLink implements Runnable {
    private static final System.Logger LOG = System.getLogger(ListenerLink.class.getName());
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    /** How many LISTENs go into one round trip. */
    private static final int BATCH = 500;

    private final ConnectionSource source;
    private final ListenerOptions options;
    private final Backoff backoff;
    private final Thread thread;
    private final DeliverySink sink;
    private final ConcurrentLinkedDeque<Command> commands = new ConcurrentLinkedDeque<>();

    /** What the server confirmed; written by the thread. */
    private final Set<String> channels = ConcurrentHashMap.newKeySet();

    /** The connection that stands; written by the thread, null while there is none. */
    private volatile @Nullable Wire wire;

    /** How many wait for a delivery: what a lazy link reconnects for. */
    private final AtomicInteger waiters = new AtomicInteger();

    /** The socket of a connection that is being opened; written by the thread. */
    private volatile @Nullable WakeableSocket opening;

    private volatile boolean closing;

    /** Whether all commands have been answered and no more are taken; written by the thread. */
    private volatile boolean over;

    /** Why the link ends, where its owner has not closed it; before {@link #closing}. */
    private volatile @Nullable PgException failure;

    /** Read and not yet handed over; used by the thread, and empty between two waits. */
    private final List<Notification> read = new ArrayList<>();

    /** Where the server goes on after a reconnect; used by the thread. */
    private final HistoryPlace history;

    /** When the server last said something; used by the thread. */
    private long heardNanos;

    /**
     * A link over a first connection.
     *
     * @param sinkOf makes the sink, which may wake the link
     * @throws SQLException where the first connection fails
     */
    ListenerLink(ConnectionSource source, ListenerOptions options, SinkMaker sinkOf)
            throws SQLException {
        this.source = source;
        this.options = options;
        backoff = new Backoff(options.backoffFirst(), options.backoffMax());
        sink = sinkOf.make(this::wake);
        history = new HistoryPlace(options.keepAliveTimeout());
        var first = open();
        history.begin(first);
        wire = first;
        thread =
                Thread.ofPlatform()
                        .name("heliosdb-listener-" + NUMBERS.incrementAndGet())
                        .daemon()
                        .unstarted(this);
    }

    /** Makes what takes the deliveries. */
    @FunctionalInterface
    interface SinkMaker {
        /** Makes it; the argument says that there is room again. */
        DeliverySink make(Runnable onRoom);
    }

    /** Separate from construction, so that the thread sees its owner complete. */
    ListenerLink start() {
        thread.start();
        return this;
    }

    /** What is listened to. */
    Set<String> channels() {
        return Set.copyOf(channels);
    }

    boolean isConnected() {
        return wire != null;
    }

    boolean isOver() {
        return over;
    }

    /** Somebody waits for what comes, until {@link #endWait}. */
    void beginWait() {
        waiters.incrementAndGet();
        if (wire == null) {
            LockSupport.unpark(thread);
        }
    }

    void endWait() {
        waiters.decrementAndGet();
    }

    /** Has a command done, and waits for it. */
    Object perform(Command command) {
        requireOther();
        enqueue(command);
        wake();
        return command.await();
    }

    /** Has a command done after those before it; the caller wakes the link. */
    void enqueue(Command command) {
        commands.add(command);
        if (over) {
            refuseCommands();
        }
    }

    private void requireOther() {
        if (thread.equals(Thread.currentThread())) {
            throw new IllegalStateException("called on the listener's own thread");
        }
    }

    /** Makes the thread look around; from any thread. */
    void wake() {
        LockSupport.unpark(thread);
        var current = wire;
        if (current != null) {
            try {
                current.wake();
            } catch (SQLException e) {
                // Who cannot send a wake cannot be heard either: the connection is given up.
                LOG.log(Level.DEBUG, "a listener could not be woken and reconnects", e);
                current.abort();
            }
        }
    }

    /**
     * Ends the link after all that the server has sent has been handed over. Bounded by the time to
     * close; again without effect.
     *
     * @param why what it ends with; null where its owner closes it
     */
    void close(@Nullable PgException why) {
        if (!closing) {
            failure = why;
            closing = true;
        }
        stopOpening();
        wake();
        if (thread.equals(Thread.currentThread())) {
            return;
        }
        boolean ended = joined(options.closeTimeout());
        if (!ended) {
            var current = wire;
            if (current != null) {
                current.abort();
            }
        }
    }

    private Wire open() throws SQLException {
        try {
            return Wire.open(
                    source,
                    options.connectTimeout(),
                    made -> {
                        opening = made;
                        if (closing) {
                            throw new SocketException("the listener is closed");
                        }
                    });
        } finally {
            opening = null;
        }
    }

    /** Ends an attempt to connect; its thread sees that the link is closing. */
    private void stopOpening() {
        var socket = opening;
        if (socket != null) {
            socket.closeQuietly();
        }
    }

    private boolean joined(Duration timeout) {
        try {
            return thread.join(timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void run() {
        PgException why = null;
        try {
            heardNanos = System.nanoTime();
            while (!isEnding()) {
                work();
            }
            closeCleanly();
            why = failure;
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "a listener's thread failed; the listener ends", e);
            why = new PgException(SqlState.INTERNAL_ERROR, "the listener's thread failed: " + e);
            drop();
            if (e instanceof Error) {
                throw e;
            }
        } finally {
            over = true;
            refuseCommands();
            sink.accept(new Closed(why));
        }
    }

    private boolean isEnding() {
        return closing || sink.isEnded();
    }

    /** One connection's life, and what comes between it and the next. */
    private void work() {
        long since = System.nanoTime();
        try {
            while (!isEnding()) {
                serve(requireWire());
            }
        } catch (SQLException e) {
            drop();
            if (isEnding()) {
                return;
            }
            LOG.log(Level.WARNING, "a listener lost its connection: " + e.getMessage());
            sink.accept(new ConnectionLost(ClientErrors.of(e)));
            if (System.nanoTime() - since > backoff.firstNanos()) {
                backoff.reset();
            } else {
                rest(backoff.nextNanos());
            }
            reconnect();
        }
    }

    private Wire requireWire() {
        var current = wire;
        if (current == null) {
            throw new IllegalStateException("there is no connection");
        }
        return current;
    }

    /** Does what there is to do, then waits for more. */
    private void serve(Wire current) throws SQLException {
        runCommands(current);
        if (!sink.hasRoom()) {
            // The sink wakes the link; until then the server keeps what it has.
            if (commands.isEmpty() && !isEnding()) {
                LockSupport.park(this);
            }
            return;
        }
        current.prepareToWait();
        boolean heard;
        try {
            // Not within the wait: what is sent by reference is fetched by a statement.
            boolean hasWork = !commands.isEmpty() || isEnding();
            long wait = Math.min(silenceLeftMillis(), history.dueMillis());
            heard = current.await(hasWork ? 0 : wait, read::addAll);
        } finally {
            current.endWait();
            handOver(current);
        }
        if (heard) {
            heardNanos = System.nanoTime();
        }
        if (history.dueMillis() <= 0) {
            askForToken(current);
        } else if (silenceLeftMillis() <= 0) {
            keepAlive(current);
        }
    }

    /** Asks the server for a word; for the place in its history, where it keeps one. */
    private void keepAlive(Wire current) throws SQLException {
        if (history.isKept() && !channels.isEmpty()) {
            askForToken(current);
        } else {
            current.execute("SELECT 1", options.keepAliveTimeout());
            heardNanos = System.nanoTime();
        }
    }

    private void askForToken(Wire current) throws SQLException {
        history.ask(
                current,
                () -> {
                    current.await(0, read::addAll);
                    handOver(current);
                });
        heardNanos = System.nanoTime();
    }

    /** Gives the sink what was read; a payload by reference that is gone is a gap. */
    private void handOver(Wire current) throws SQLException {
        var came = history.fresh(List.copyOf(read));
        read.clear();
        var deliveries = withPayloads(current, came);
        history.received(came);
        deliveries.forEach(sink::accept);
        // Told with them; what comes behind them is complete again.
        current.takeGaps().forEach(sink::accept);
    }

    private List<? extends Delivery> withPayloads(Wire current, List<Notification> came)
            throws SQLException {
        var payloads = options.payloads();
        if (payloads == null || came.stream().noneMatch(PayloadTable::isReference)) {
            return came;
        }
        current.limit(options.keepAliveTimeout());
        var fetched = payloads.fetch(current.connection(), came);
        current.unlimit();
        return fetched;
    }

    /** How long the server may stay silent before it is asked; never zero for a wait. */
    private long silenceLeftMillis() {
        if (options.keepAlive().isZero()) {
            return Integer.MAX_VALUE;
        }
        long silent = System.nanoTime() - heardNanos;
        long left = options.keepAlive().toNanos() - silent;
        return left <= 0 ? 0 : Math.max(2, left / 1_000_000);
    }

    private void runCommands(Wire current) throws SQLException {
        Command command;
        while (!isEnding() && (command = commands.poll()) != null) {
            if (command.result().isDone()) {
                continue;
            }
            switch (command) {
                case Command.Listen listen -> listen(current, gather(listen));
                case Command.Unlisten unlisten -> unlisten(current, unlisten);
                case Command.UnlistenAll all -> unlistenAll(current, all);
                case Command.Run run -> runWork(current, run);
            }
            heardNanos = System.nanoTime();
        }
    }

    /** LISTENs that wait one behind another share a round trip. */
    private List<Command.Listen> gather(Command.Listen first) {
        var all = new ArrayList<Command.Listen>();
        all.add(first);
        int size = first.channels().size();
        while (size < BATCH
                && commands.peek() instanceof Command.Listen next
                && commands.remove(next)) {
            all.add(next);
            size += next.channels().size();
        }
        return all;
    }

    private void listen(Wire current, List<Command.Listen> all) throws SQLException {
        var names = all.stream().flatMap(l -> l.channels().stream()).distinct().toList();
        try {
            listen(current, names);
            if (history.isKept()) {
                // Resumed from an older place, they would bring what nobody listened to.
                askForToken(current);
            }
            channels.addAll(names);
            all.forEach(l -> l.result().complete(true));
        } catch (SQLException e) {
            if (ClientErrors.endsConnection(e)) {
                // Idempotent: the next connection does them.
                all.reversed().forEach(commands::addFirst);
                throw e;
            }
            if (all.size() > 1) {
                for (var single : all) {
                    listen(current, List.of(single));
                }
            } else {
                all.getFirst().result().completeExceptionally(ClientErrors.of(e));
            }
        }
    }

    private void listen(Wire current, Collection<String> names) throws SQLException {
        var list = List.copyOf(names);
        for (int from = 0; from < list.size(); from += BATCH) {
            var batch = list.subList(from, Math.min(list.size(), from + BATCH));
            current.executeForEach("LISTEN", batch, options.keepAliveTimeout());
        }
    }

    private void unlisten(Wire current, Command.Unlisten unlisten) throws SQLException {
        try {
            current.executeForEach("UNLISTEN", unlisten.channels(), options.keepAliveTimeout());
            unlisten.channels().forEach(channels::remove);
            unlisten.result().complete(true);
        } catch (SQLException e) {
            refuseOrRetry(unlisten, e);
        }
    }

    private void unlistenAll(Wire current, Command.UnlistenAll all) throws SQLException {
        try {
            // Not UNLISTEN *: the connection may listen for its own wake.
            current.executeForEach("UNLISTEN", channels, options.keepAliveTimeout());
            channels.clear();
            all.result().complete(true);
        } catch (SQLException e) {
            refuseOrRetry(all, e);
        }
    }

    private void refuseOrRetry(Command command, SQLException e) throws SQLException {
        if (ClientErrors.endsConnection(e)) {
            commands.addFirst(command);
            throw e;
        }
        command.result().completeExceptionally(ClientErrors.of(e));
    }

    private void runWork(Wire current, Command.Run run) throws SQLException {
        try {
            current.limit(options.commandTimeout());
            var result = run.work().run(current);
            current.unlimit();
            boolean leftOpen = current.endTransaction(options.keepAliveTimeout());
            try {
                handOverWhatCame(current);
            } finally {
                if (leftOpen) {
                    run.result().completeExceptionally(leftOpen());
                } else {
                    run.result().complete(result);
                }
            }
        } catch (SQLException e) {
            run.result().completeExceptionally(ClientErrors.of(e));
            if (ClientErrors.endsConnection(e)) {
                throw e;
            }
            current.unlimit();
            current.endTransaction(options.keepAliveTimeout());
        } catch (RuntimeException e) {
            run.result().completeExceptionally(e);
            current.unlimit();
            current.endTransaction(options.keepAliveTimeout());
        }
    }

    /**
     * What the server sent before its answer is delivered before the answer, so that who has the
     * answer finds it; where there is no room, the driver keeps it.
     */
    private void handOverWhatCame(Wire current) throws SQLException {
        if (sink.hasRoom()) {
            current.await(0, read::addAll);
            handOver(current);
        }
    }

    private static PgException leftOpen() {
        return new PgException(
                        SqlState.ACTIVE_SQL_TRANSACTION,
                        "the statements left a transaction open; it was rolled back")
                .withHint("Nothing is delivered inside a transaction: end it in the same call.");
    }

    /** Tries until a connection stands on which every channel is listened to. */
    private void reconnect() {
        if (options.reconnect() == Reconnect.LAZY) {
            while (waiters.get() == 0 && commands.isEmpty() && !isEnding()) {
                LockSupport.park(this);
            }
        }
        while (!isEnding()) {
            try {
                var next = open();
                wire = next;
                history.begin(next);
                var gaps = history.resume(next, channels, names -> listen(next, names));
                heardNanos = System.nanoTime();
                LOG.log(Level.INFO, "a listener has reconnected");
                sink.accept(new Reconnected());
                gaps.forEach(sink::accept);
                return;
            } catch (SQLException e) {
                drop();
                LOG.log(Level.DEBUG, "a listener cannot reconnect: {0}", e.getMessage());
                rest(backoff.nextNanos());
            }
        }
    }

    private void rest(long nanos) {
        long until = System.nanoTime() + nanos;
        long left = nanos;
        while (left > 0 && !isEnding()) {
            LockSupport.parkNanos(this, left);
            left = until - System.nanoTime();
        }
    }

    private void drop() {
        var current = wire;
        wire = null;
        if (current != null) {
            current.abort();
        }
    }

    /** Takes what the server has sent up to now: its answer comes after it. */
    private void closeCleanly() {
        var current = wire;
        if (current == null) {
            return;
        }
        try {
            // First what is on its way: UNLISTEN drops what the server has not sent yet.
            current.execute("SELECT 1", options.keepAliveTimeout());
            current.execute("UNLISTEN *", options.keepAliveTimeout());
            current.await(0, read::addAll);
            handOver(current);
            current.close();
            wire = null;
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "a listener's connection broke while it was closed", e);
            drop();
        }
    }

    private void refuseCommands() {
        Command command;
        while ((command = commands.poll()) != null) {
            command.result().completeExceptionally(ClientErrors.closed());
        }
    }

    static CompletableFuture<Object> promise() {
        return new CompletableFuture<>();
    }
}
