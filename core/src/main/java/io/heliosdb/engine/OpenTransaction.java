package io.heliosdb.engine;

import org.jspecify.annotations.Nullable;

/** What a session knows of its transaction beside what the store does. Confined to the session. */
final class OpenTransaction {
    private final KeyMoves keyMoves = new KeyMoves();
    private boolean isOpen;
    private boolean isReadOnly;
    private @Nullable Runnable atEnd;

    void begin(boolean readOnly) {
        isReadOnly = readOnly;
        isOpen = true;
    }

    void ended() {
        keyMoves.clear();
        isOpen = false;
        isReadOnly = false;
        var work = atEnd;
        atEnd = null;
        if (work != null) {
            work.run();
        }
    }

    boolean isOpen() {
        return isOpen;
    }

    boolean isReadOnly() {
        return isReadOnly;
    }

    void setReadOnly(boolean readOnly) {
        isReadOnly = readOnly;
    }

    /** Which rows it has given another key. */
    KeyMoves keyMoves() {
        return keyMoves;
    }

    /** Has something done when it ends. */
    void atEnd(Runnable work) {
        atEnd = work;
    }
}
