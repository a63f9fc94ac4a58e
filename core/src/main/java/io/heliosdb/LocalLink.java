package io.heliosdb;

import io.heliosdb.pg.Column;
import io.heliosdb.session.PreparedStatement;
import io.heliosdb.session.ResultReceiver;
import io.heliosdb.session.Session;
import io.heliosdb.session.TransactionStatus;
import io.heliosdb.spi.Link;
import io.heliosdb.spi.LinkStatement;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** A session of a database in this process. Confined as {@link Link} says. */
final class LocalLink implements Link {
    private final Session session;

    /** Names statements; they live until the session forgets them. */
    private long prepared;

    LocalLink(Session session) {
        this.session = session;
    }

    private record Named(String name, PreparedStatement statement) implements LinkStatement {
        @Override
        public int[] parameterOids() {
            return statement.parameterOids();
        }

        @Override
        public @Nullable List<Column> columns() {
            return statement.columns();
        }
    }

    @Override
    public int pid() {
        return session.pid();
    }

    @Override
    public TransactionStatus status() {
        return session.status();
    }

    @Override
    public void run(String sql, ResultReceiver out) {
        session.simpleQuery(sql, out);
    }

    @Override
    public LinkStatement prepare(String sql, int[] parameterOids) {
        String name = "heliosdb_" + ++prepared;
        return inBatch(() -> new Named(name, session.parse(name, sql, parameterOids)));
    }

    @Override
    public void run(LinkStatement statement, List<@Nullable Object> values, ResultReceiver out) {
        var named = (Named) statement;
        inBatch(() -> {
            session.execute(session.bind("", named.statement, values), 0, out);
            return named;
        });
    }

    /** Ends the batch whatever happens in it, and lets the first failure through. */
    private <T> T inBatch(java.util.function.Supplier<T> step) {
        T result;
        try {
            result = step.get();
        } catch (RuntimeException | Error e) {
            try {
                session.failBatch();
                session.sync();
            } catch (RuntimeException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
        session.sync();
        return result;
    }

    @Override
    public void release(LinkStatement statement) {
        session.closeStatement(((Named) statement).name);
    }

    @Override
    public void cancel() {
        session.cancel();
    }

    @Override
    public void close() {
        session.close();
    }
}
