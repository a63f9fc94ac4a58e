package io.heliosdb.log;

/** Waits for the end of threads whatever happens to the one that waits. */
public final class Joining {
    private Joining() {}

    /**
     * Waits until a thread has ended. An interruption does not end the wait; it is kept for the
     * caller.
     *
     * @param thread the one that ends
     */
    public static void uninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
