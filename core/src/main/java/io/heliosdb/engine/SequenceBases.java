package io.heliosdb.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.log.LogEntry.SequenceBase;

import org.h2.engine.Database;
import org.h2.schema.Schema;
import org.h2.schema.Sequence;
import org.h2.table.Column;
import org.h2.table.Table;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sequences live outside transactions. When one has been moved beyond what the log says of it, the
 * next record says from where it goes on after a crash: some values ahead, so that few records have
 * to. A checkpoint ends what was said before it, since the log before it is not read again.
 *
 * <p>A base covers values only once its record has its place: then every commit that relies on it
 * stands behind it.
 */
final class SequenceBases {
    /** As many values as PostgreSQL logs ahead. */
    private static final int AHEAD = 32;

    private static final char OF_COLUMN = '#';

    private final Database database;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private Map<Sequence, State> states = new HashMap<>();

    @GuardedBy("lock")
    private long schemaVersion = -1;

    SequenceBases(Database database) {
        this.database = database;
    }

    private static final class State {
        final SequenceName name;

        /** Where it stood when it was last looked at. */
        long seen;

        /** Values before this one are covered by the log; it moves the way the sequence does. */
        long covered;

        boolean isMoved;

        State(SequenceName name, long seen) {
            this.name = name;
            this.seen = seen;
            covered = seen;
        }
    }

    private record SequenceName(String schema, String name) {}

    /** A base, and what it is to cover once it is in the log. */
    record Claim(SequenceBase base, Sequence sequence, long seen) {}

    /** The bases that a record has to tell. */
    List<Claim> claims() {
        lock.lock();
        try {
            refresh();
            List<Claim> claims = List.of();
            for (var entry : states.entrySet()) {
                var claim = claim(entry.getKey(), entry.getValue());
                if (claim != null) {
                    claims = claims.isEmpty() ? new ArrayList<>() : claims;
                    claims.add(claim);
                }
            }
            return claims;
        } finally {
            lock.unlock();
        }
    }

    /** The record with these bases has its place. */
    void appended(List<Claim> claims) {
        if (claims.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            for (var claim : claims) {
                State state = states.get(claim.sequence);
                if (state != null) {
                    state.seen = claim.seen;
                    state.covered = claim.base.next();
                    state.isMoved = true;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * What the log said so far will not be read again. The store's image may lag behind a value
     * that is being given out now, so each sequence that has moved is told once more.
     */
    void checkpoint() {
        lock.lock();
        try {
            states.forEach((sequence, state) -> {
                if (state.isMoved) {
                    state.covered = sequence.getIncrement() > 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
                }
            });
        } finally {
            lock.unlock();
        }
    }

    /** Has a sequence go on from a base; false where it does not exist. */
    static boolean restore(Database database, SequenceBase base) {
        Schema schema = database.findSchema(base.schema());
        Sequence sequence = schema == null ? null : find(schema, base.name());
        if (sequence == null) {
            return false;
        }
        long next = Math.clamp(base.next(), sequence.getMinValue(), sequence.getMaxValue());
        SequenceValues.moveTo(sequence, next);
        return true;
    }

    private static @Nullable Sequence find(Schema schema, String name) {
        int of = name.indexOf(OF_COLUMN);
        Table table = of < 0 ? null : schema.findTableOrView(null, name.substring(0, of));
        if (table == null) {
            return schema.findSequence(name);
        }
        Column column = table.findColumn(name.substring(of + 1));
        return column == null ? null : column.getSequence();
    }

    @GuardedBy("lock")
    private @Nullable Claim claim(Sequence sequence, State state) {
        long base = sequence.getBaseValue();
        boolean isUp = sequence.getIncrement() > 0;
        boolean isBack = isUp ? base < state.seen : base > state.seen;
        boolean isBeyond = isUp ? base > state.covered : base < state.covered;
        if (!isBack && !isBeyond) {
            return null;
        }
        long ahead = sequence.getIncrement() * AHEAD;
        long next = base + ahead;
        boolean isOver = isUp ? next < base : next > base;
        long clamped =
                Math.clamp(isOver ? base : next, sequence.getMinValue(), sequence.getMaxValue());
        return new Claim(
                new SequenceBase(state.name.schema, state.name.name, clamped), sequence, base);
    }

    @GuardedBy("lock")
    private void refresh() {
        long version = database.getModificationMetaId();
        if (version == schemaVersion) {
            return;
        }
        var before = states;
        var after = new HashMap<Sequence, State>();
        for (Schema schema : database.getAllSchemas()) {
            for (Sequence sequence : schema.getAllSequences()) {
                if (!sequence.isTemporary() && !sequence.getBelongsToTable()) {
                    var name = new SequenceName(schema.getName(), sequence.getName());
                    after.put(sequence, renamed(before.get(sequence), name, sequence));
                }
            }
            for (Table table : schema.getAllTablesAndViews(null)) {
                addColumns(schema, table, before, after);
            }
        }
        states = after;
        schemaVersion = version;
    }

    private static void addColumns(
            Schema schema, Table table, Map<Sequence, State> before, Map<Sequence, State> after) {
        for (Column column : table.getColumns()) {
            Sequence sequence = column.getSequence();
            if (sequence != null && !table.isTemporary() && sequence.getBelongsToTable()) {
                var name =
                        new SequenceName(
                                schema.getName(), table.getName() + OF_COLUMN + column.getName());
                after.put(sequence, renamed(before.get(sequence), name, sequence));
            }
        }
    }

    /** One that is new has been written by the checkpoint that follows every definition. */
    private static State renamed(@Nullable State known, SequenceName name, Sequence sequence) {
        var state = new State(name, known == null ? sequence.getStartValue() : known.seen);
        if (known != null) {
            state.covered = known.covered;
            state.isMoved = known.isMoved;
        }
        return state;
    }
}
