package io.heliosdb.pubsub;

import java.util.List;

/**
 * What a subscription passes before it listens, where the channels live in another process: that
 * one has to be asked for them first. Called without a lock, in the thread that listens.
 */
public interface ListenGate {
    /** Channels of this process: nobody has to be asked. */
    ListenGate OPEN =
            new ListenGate() {
                @Override
                public void enter(List<String> channels) {}

                @Override
                public void leave(List<String> channels) {}
            };

    /**
     * A subscription is about to listen; what this throws refuses it.
     *
     * @param channels their bare names
     */
    void enter(List<String> channels);

    /**
     * The subscription listens now, or was refused.
     *
     * @param channels what {@link #enter} was given
     */
    void leave(List<String> channels);
}
