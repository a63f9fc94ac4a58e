package io.heliosdb.client;

import java.time.Duration;

/**
 * How jobs are worked on.
 *
 * @param workers how many jobs at once, each on a connection of its own
 * @param recheck how often the queue is looked at while it has jobs that others do or that were put
 *     off; an empty queue is not looked at
 * @param attemptsMax after how many attempts a job is set aside, with the reason in {@code failed}
 * @param retryDelay how long a job is put off after its first failure; twice as long after each
 *     further one
 */
public record WorkerOptions(int workers, Duration recheck, int attemptsMax, Duration retryDelay) {
    /** Four workers, a look every second, five attempts, the second after one second. */
    public static final WorkerOptions DEFAULTS =
            new WorkerOptions(4, Duration.ofSeconds(1), 5, Duration.ofSeconds(1));

    /** Rejects what is not positive. */
    public WorkerOptions {
        if (workers < 1 || attemptsMax < 1 || attemptsMax > 30) {
            throw new IllegalArgumentException(
                    "workers and attempts are at least 1, attempts at most 30: "
                            + workers
                            + ", "
                            + attemptsMax);
        }
        if (recheck.toMillis() < 1 || retryDelay.isNegative()) {
            throw new IllegalArgumentException(
                    "times are positive: " + recheck + ", " + retryDelay);
        }
    }
}
