package io.heliosdb.events;

import io.heliosdb.pg.Token;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReference;

/** A named position that one reader at a time moves on. Thread-safe. */
public final class Consumer {
    private final Consumers all;
    private final String key;
    private final AtomicReference<@Nullable Token> position;

    /** What ends the reader that has it. */
    private final AtomicReference<Runnable> holder = new AtomicReference<>(Consumer::nobody);

    Consumer(Consumers all, String key, @Nullable Token position) {
        this.all = all;
        this.key = key;
        this.position = new AtomicReference<>(position);
    }

    /**
     * What it is stored under.
     *
     * @return its key
     */
    public String key() {
        return key;
    }

    /**
     * Behind which event it goes on.
     *
     * @return null where nothing was acknowledged yet
     */
    public @Nullable Token position() {
        return position.get();
    }

    /**
     * A reader has it, until somebody else wants it.
     *
     * @param end ends that reader
     */
    public void heldBy(Runnable end) {
        holder.set(end);
    }

    /** Ends the reader that has it. */
    void takeAway() {
        holder.getAndSet(Consumer::nobody).run();
    }

    private static void nobody() {}

    /**
     * Everything up to an event is worked on.
     *
     * @param token its place
     */
    public void moveTo(Token token) {
        position.set(token);
        all.changed(this);
    }

    /** Its reader is over. */
    public void release() {
        all.released(this);
    }
}
