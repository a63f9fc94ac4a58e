package io.heliosdb.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/** Bounded waits that an interrupt does not end; the thread finds it afterwards. */
public final class Uninterruptibly {
    private Uninterruptibly() {}

    /**
     * Takes a lock.
     *
     * @param lock the lock
     * @param nanos how long to wait for it at most
     * @return whether it is held now
     */
    public static boolean tryLock(Lock lock, long nanos) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + nanos;
        try {
            while (true) {
                try {
                    return lock.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
