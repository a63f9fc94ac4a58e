package io.heliosdb.relay;

/** So many in a second, and as many at once. Confined to one thread at a time. */
final class Rate {
    private static final long SECOND = 1_000_000_000L;

    private final long perSecond;
    private long credit;
    private long at = System.nanoTime();

    Rate(int perSecond) {
        this.perSecond = perSecond;
        credit = perSecond * SECOND;
    }

    /** Whether one more may pass now. */
    boolean take() {
        long now = System.nanoTime();
        long earned = Math.min(now - at, SECOND) * perSecond;
        at = now;
        credit = Math.min(credit + earned, perSecond * SECOND);
        if (credit < SECOND) {
            return false;
        }
        credit -= SECOND;
        return true;
    }
}
