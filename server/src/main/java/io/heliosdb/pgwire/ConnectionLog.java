package io.heliosdb.pgwire;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Says why connections ended, one line each, and never what was in them. Lines about clients are
 * bounded in rate, since anybody who reaches the port can cause them; what was left out is counted
 * and said with the next line.
 */
final class ConnectionLog {
    private static final int LINES_PER_SECOND = 10;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final Logger logger = System.getLogger("io.heliosdb.pgwire");
    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock, all three.
    private long secondStarted = System.nanoTime();
    private int linesInSecond;
    private long leftOut;

    /** A connection was closed without a word to the client, or for a reason worth a line. */
    void closed(String peer, String why) {
        long before = admit();
        if (before >= 0) {
            logger.log(
                    Level.INFO, () -> "connection from " + peer + " closed: " + why + tail(before));
        }
    }

    /** A fault of ours ended a connection; always said, with its stack. */
    void fault(String peer, Throwable fault) {
        logger.log(Level.ERROR, "connection from " + peer + " closed by an internal error", fault);
    }

    /** The lines left out before this one, or -1 where this one is left out too. */
    private long admit() {
        lock.lock();
        try {
            long now = System.nanoTime();
            if (now - secondStarted >= SECOND_NANOS) {
                secondStarted = now;
                linesInSecond = 0;
            }
            if (linesInSecond >= LINES_PER_SECOND) {
                leftOut++;
                return -1;
            }
            linesInSecond++;
            long before = leftOut;
            leftOut = 0;
            return before;
        } finally {
            lock.unlock();
        }
    }

    private static String tail(long leftOut) {
        return leftOut == 0 ? "" : " (" + leftOut + " lines like this left out)";
    }
}
