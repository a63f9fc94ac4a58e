package io.heliosdb.relay;

import io.heliosdb.pg.Token;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReference;

/** A named position that one connection at a time moves on. Thread-safe. */
final class Consumer {
    private final Consumers all;
    private final String key;
    private final AtomicReference<@Nullable Token> position;

    /** What ends the connection that has it. */
    private final AtomicReference<Runnable> holder = new AtomicReference<>(Consumer::nobody);

    Consumer(Consumers all, String key, @Nullable Token position) {
        this.all = all;
        this.key = key;
        this.position = new AtomicReference<>(position);
    }

    /** What is stored for a subject's consumer. */
    static String key(String subject, String name) {
        return subject.length() + ":" + subject + '/' + name;
    }

    boolean isCalled(String subject, String name) {
        return key.equals(key(subject, name));
    }

    String key() {
        return key;
    }

    /** Behind which event it goes on; null where nothing was acknowledged yet. */
    @Nullable Token position() {
        return position.get();
    }

    /** A connection has it, until somebody else wants it. */
    void heldBy(Runnable end) {
        holder.set(end);
    }

    /** Ends the connection that has it. */
    void takeAway() {
        holder.getAndSet(Consumer::nobody).run();
    }

    private static void nobody() {}

    /** Everything up to a token is worked on. */
    void moveTo(Token token) {
        position.set(token);
        all.changed(this);
    }

    /** Its connection is over. */
    void release() {
        all.released(this);
    }
}
