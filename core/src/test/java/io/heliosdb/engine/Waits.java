package io.heliosdb.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread is about to do. */
final class Waits {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);

    private Waits() {}

    static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it did not happen");
            }
            LockSupport.parkNanos(100_000);
        }
    }
}
