package io.heliosdb.replication;

import io.heliosdb.engine.ChangeGuard;
import io.heliosdb.engine.Engine;
import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.TablePlaces;
import io.heliosdb.replication.PublicationSet.Change;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The committed publications of an instance. Readers take a snapshot without a lock; a commit swaps
 * it for the next one whole. Thread-safe.
 */
public final class PublicationCatalog {
    /** Far above the numbers of tables, which count from 16384, and below those of routines. */
    private static final int FIRST_OID = 900_000_000;

    private final ReentrantLock swap = new ReentrantLock();
    private final AtomicInteger lastOid = new AtomicInteger(FIRST_OID);

    private final TablePlaces places = new TablePlaces();

    private volatile PublicationSet committed = PublicationSet.EMPTY;

    /** A catalog without publications; {@link #load} fills it. */
    public PublicationCatalog() {}

    /**
     * Reads the publications of a database that opens, and makes their system tables where there
     * are none.
     *
     * @param engine a session with a transaction to do it in, which the caller commits
     */
    public void load(EngineSession engine) {
        PublicationRows.define(engine);
        LogicalMessages.define(engine);
        var found = new PublicationRows(engine).all();
        for (var change : found) {
            switch (change) {
                case Change.Put(var publication) -> {
                    lastOid.accumulateAndGet(publication.oid(), Math::max);
                    publication.tables().forEach(each -> places.locate(each.table(), engine));
                }
                case Change.Identify(var table, var _) -> places.locate(table, engine);
                case Change.Remove _ -> {}
            }
        }
        apply(found);
    }

    /**
     * The publications that are committed now.
     *
     * @return a snapshot; the same object as long as nothing changes
     */
    public PublicationSet committed() {
        return committed;
    }

    /**
     * What keeps statements from changes that could not be told of.
     *
     * @param engine the tables
     * @return for the engine to ask
     */
    public ChangeGuard guard(Engine engine) {
        return new IdentityGuard(this, engine);
    }

    int nextOid() {
        return lastOid.incrementAndGet();
    }

    void apply(List<Change> changes) {
        swap.lock();
        try {
            committed = committed.with(changes);
        } finally {
            swap.unlock();
        }
    }

    /** Where the tables that are published are. */
    TablePlaces places() {
        return places;
    }
}
