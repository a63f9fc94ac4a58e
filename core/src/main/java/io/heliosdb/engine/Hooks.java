package io.heliosdb.engine;

import org.h2.engine.Database;
import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * The row hook of one database, reached from its tables. Tables are made while the database is
 * being opened, before an engine knows it, so the way to the hook leads over the database.
 */
final class Hooks {
    private static final Map<Database, Hooks> ALL =
            Collections.synchronizedMap(new WeakHashMap<>());

    private volatile @Nullable RowHook hook;

    /** Written once, when the instance opens. */
    private volatile @Nullable ChangeGuard guard;

    /** Where there is a log; written once, when the engine opens. */
    private volatile @Nullable StatementLatch latch;

    /**
     * Written by {@link #install} and {@link #changed} only; tables compare it with what they saw.
     */
    private volatile int generation;

    private Hooks() {}

    static Hooks of(Database database) {
        return ALL.computeIfAbsent(database, key -> new Hooks());
    }

    /** The hook leads back to the database, so the map alone would never let go of it. */
    static void forget(Database database) {
        ALL.remove(database);
    }

    void latch(StatementLatch newLatch) {
        latch = newLatch;
    }

    @Nullable StatementLatch latch() {
        return latch;
    }

    @Nullable RowHook hook() {
        return hook;
    }

    int generation() {
        return generation;
    }

    void guard(ChangeGuard newGuard) {
        guard = newGuard;
    }

    @Nullable ChangeGuard guard() {
        return guard;
    }

    synchronized void install(RowHook newHook) {
        hook = newHook;
        generation++;
    }

    synchronized void changed() {
        generation++;
    }
}
