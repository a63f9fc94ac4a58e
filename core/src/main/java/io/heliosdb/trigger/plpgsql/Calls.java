package io.heliosdb.trigger.plpgsql;

import java.util.ArrayDeque;
import java.util.StringJoiner;

/** The calls of bodies that run now, the innermost first. Confined to the session's thread. */
final class Calls {
    private final ArrayDeque<Frame> frames = new ArrayDeque<>();

    int depth() {
        return frames.size();
    }

    void enter(Frame frame) {
        frames.push(frame);
    }

    void leave() {
        frames.pop();
    }

    /** The lines of CONTEXT that say where the session stands. */
    String where() {
        var lines = new StringJoiner("\n");
        for (var frame : frames) {
            if (frame.running != null) {
                lines.add("SQL statement \"" + frame.running.text() + '"');
            }
            lines.add(frame.where());
        }
        return lines.toString();
    }
}
