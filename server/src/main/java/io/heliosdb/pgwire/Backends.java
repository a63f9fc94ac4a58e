package io.heliosdb.pgwire;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pgwire.WireOptions.Authentication;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The connections of a server. They are bounded twice: {@code connectionsMax} of them may hold a
 * session, and a few more may be saying who they are, so that a cancel request and a refusal in
 * words still get through when the server is full.
 */
final class Backends implements AutoCloseable {
    /** Connections beyond {@code connectionsMax} that may be in their first packets. */
    private static final int STARTING_MAX = 64;

    /** How long closing waits for threads whose connections it has closed under them. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(2);

    /** How long no client is let in after the system refused one, such as for want of files. */
    private static final Duration ACCEPT_PAUSE = Duration.ofMillis(100);

    private final BackendContext context;
    private final BackendThreads threads = new BackendThreads();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by lock, both.
    private final Set<Backend> open = new HashSet<>();
    private boolean closed;

    Backends(BackendContext context) {
        this.context = context;
    }

    /** Lets clients in until the door is closed. */
    void acceptUntilClosed(Door door, Authentication authentication) {
        while (door.isOpen()) {
            try {
                var transport = door.accept();
                if (!start(transport, authentication)) {
                    context.log().closed(transport.peer(), "too many connections");
                    transport.close();
                }
            } catch (Door.ClientGoneException e) {
                context.log().closed("a client", "gone before it was let in");
            } catch (IOException e) {
                if (door.isOpen()) {
                    context.log().closed("a client", "could not be let in: " + e.getMessage());
                    LockSupport.parkNanos(ACCEPT_PAUSE.toNanos());
                }
            }
        }
    }

    /** Serves a client on a thread of its own; false where there is no room for it. */
    boolean start(Transport transport, Authentication authentication) {
        var backend = new Backend(context, transport, authentication);
        lock.lock();
        try {
            if (closed || open.size() >= context.options().connectionsMax() + STARTING_MAX) {
                return false;
            }
            open.add(backend);
        } finally {
            lock.unlock();
        }
        try {
            threads.start(() -> run(backend));
        } catch (OutOfMemoryError e) {
            // The system has no thread to give: this client leaves, the server stays.
            remove(backend);
            return false;
        }
        return true;
    }

    private void run(Backend backend) {
        try {
            backend.run();
        } finally {
            remove(backend);
        }
    }

    private void remove(Backend backend) {
        lock.lock();
        try {
            open.remove(backend);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int count() {
        lock.lock();
        try {
            return open.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        List<Backend> told;
        lock.lock();
        try {
            closed = true;
            told = List.copyOf(open);
        } finally {
            lock.unlock();
        }
        var reason =
                PgException.fatal(
                        SqlState.ADMIN_SHUTDOWN,
                        "terminating connection due to administrator command");
        told.forEach(backend -> backend.terminate(reason));
        if (!awaitNone(context.options().closeTimeout())) {
            told.forEach(Backend::abort);
            awaitNone(LAST_WAIT);
        }
        context.writeWatch().close();
    }

    /** Waits until every connection has ended; false when the time is over first. */
    private boolean awaitNone(Duration atMost) {
        long left = atMost.toNanos();
        boolean interrupted = false;
        lock.lock();
        try {
            while (!open.isEmpty() && left > 0) {
                long since = System.nanoTime();
                try {
                    left = changed.awaitNanos(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                    left -= System.nanoTime() - since;
                }
            }
            return open.isEmpty();
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
