package io.heliosdb.engine;

import org.h2.command.query.Select;
import org.h2.engine.SessionLocal;
import org.h2.result.LazyResult;
import org.h2.result.ResultTarget;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Queries whose rows are computed as they are read. The store has that for queries without
 * functions that do something; here it is for those with them, where PostgreSQL's clients see the
 * difference. The store's version is pinned, and a missing member fails when this class is loaded.
 */
final class LazyQuery {
    private static final MethodHandle QUERY_FLAT;
    private static final Object OFFSET_IS_QUICK;

    static {
        try {
            var offset = Class.forName("org.h2.command.query.Select$QuickOffset");
            OFFSET_IS_QUICK = offset.getEnumConstants()[1];
            QUERY_FLAT =
                    MethodHandles.privateLookupIn(Select.class, MethodHandles.lookup())
                            .findVirtual(
                                    Select.class,
                                    "queryFlat",
                                    MethodType.methodType(
                                            LazyResult.class,
                                            int.class,
                                            ResultTarget.class,
                                            long.class,
                                            long.class,
                                            boolean.class,
                                            offset));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private LazyQuery() {}

    /** Whether a row of the query is one row of what it reads. */
    static boolean isPossible(Select query) {
        return !query.isAnyDistinct()
                && !query.hasOrder()
                && !query.isGroupQuery()
                && !query.isWindowQuery()
                && !query.isQuickAggregateQuery()
                && query.getOffset() == null
                && query.getFetch() == null
                && query.getTopTableFilter().getJoin() == null;
    }

    /** Begins a query that is prepared and has its parameters, inside its statement. */
    static LazyResult begin(SessionLocal session, Select query) {
        var source = query.getTopTableFilter();
        source.startQuery(session);
        source.reset();
        try {
            return (LazyResult)
                    QUERY_FLAT.invoke(
                            query,
                            query.getExpressions().size(),
                            (ResultTarget) null,
                            0L,
                            -1L,
                            false,
                            OFFSET_IS_QUICK);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
