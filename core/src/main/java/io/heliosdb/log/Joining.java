package io.heliosdb.log;

/** Waits for the end of threads whatever happens to the one that waits. */
final class Joining {
    private Joining() {}

    static void uninterruptibly(Thread thread) {
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
