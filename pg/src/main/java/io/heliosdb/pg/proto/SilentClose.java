package io.heliosdb.pg.proto;

import java.io.IOException;

/**
 * The connection is to be closed without a word to the other side, because it left or does not
 * speak this protocol. The message is for the one line in the log.
 */
public final class SilentClose extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean isClean;

    /**
     * A close for a reason.
     *
     * @param reason for the log
     * @param isClean whether the other side left between two messages
     */
    SilentClose(String reason, boolean isClean) {
        super(reason);
        this.isClean = isClean;
    }

    /**
     * Whether the other side left between two messages, which is its right.
     *
     * @return false where a message was cut short or made no sense
     */
    public boolean isClean() {
        return isClean;
    }
}
