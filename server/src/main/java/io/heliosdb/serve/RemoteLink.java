package io.heliosdb.serve;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.proto.BackendMessage;
import io.heliosdb.pg.proto.FrontendMessage;
import io.heliosdb.pg.proto.FrontendMessage.Target;
import io.heliosdb.pg.type.ByteSink;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.pg.type.TextStyle;
import io.heliosdb.session.ResultReceiver;
import io.heliosdb.session.TransactionStatus;
import io.heliosdb.spi.Link;
import io.heliosdb.spi.LinkStatement;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** A session of a database that another process owns. Confined as {@link Link} says. */
final class RemoteLink implements Link {
    private static final int BINARY = 1;

    private final OwnerConnection owner;

    /** Written by the session's thread, read by any. */
    private volatile TransactionStatus status = TransactionStatus.IDLE;

    /** True while the owner works for this session; written by the session's thread. */
    private volatile boolean isBusy;

    private long prepared;

    RemoteLink(OwnerConnection owner) {
        this.owner = owner;
    }

    /** A statement that the owner keeps for this session. */
    private static final class Named implements LinkStatement {
        private final String name;
        private final int[] parameterOids;
        private final @Nullable List<Column> columns;
        private final int[] formats;

        Named(String name, int[] parameterOids, @Nullable List<Column> columns) {
            this.name = name;
            this.parameterOids = parameterOids;
            this.columns = columns;
            this.formats = formatsOf(columns);
        }

        @Override
        public int[] parameterOids() {
            return parameterOids.clone();
        }

        @Override
        public @Nullable List<Column> columns() {
            return columns;
        }
    }

    @Override
    public int pid() {
        return owner.pid();
    }

    @Override
    public TransactionStatus status() {
        return status;
    }

    @Override
    public void run(String sql, ResultReceiver out) {
        owner.write(new FrontendMessage.Query(sql));
        new Answer(out, null).await();
    }

    @Override
    public LinkStatement prepare(String sql, int[] parameterOids) {
        String name = "heliosdb_" + ++prepared;
        owner.write(new FrontendMessage.Parse(name, sql, parameterOids));
        owner.write(new FrontendMessage.Describe(Target.STATEMENT, name));
        owner.write(new FrontendMessage.Sync());
        var answer = new Answer(null, null);
        answer.await();
        return new Named(name, answer.parameterOids, answer.columns);
    }

    @Override
    public void run(
            LinkStatement statement, List<@Nullable Object> parameters, ResultReceiver out) {
        var named = (Named) statement;
        var formats = new int[parameters.size()];
        var values = new ArrayList<byte @Nullable []>(parameters.size());
        for (int i = 0; i < formats.length; i++) {
            var type = PgType.of(named.parameterOids[i]);
            formats[i] = type.hasBinary() ? BINARY : 0;
            values.add(encode(parameters.get(i), type, formats[i]));
        }
        owner.write(new FrontendMessage.Bind("", named.name, formats, values, named.formats));
        owner.write(new FrontendMessage.Execute("", 0));
        owner.write(new FrontendMessage.Sync());
        new Answer(out, named).await();
    }

    @Override
    public void release(LinkStatement statement) {
        owner.write(new FrontendMessage.Close(Target.STATEMENT, ((Named) statement).name));
        owner.write(new FrontendMessage.Sync());
        new Answer(null, null).await();
    }

    @Override
    public void cancel() {
        owner.cancel();
    }

    @Override
    public void close() {
        if (isBusy) {
            try {
                owner.cancel();
            } catch (PgException e) {
                // Whoever does not answer does not work either.
                assert e.getMessage() != null;
            }
        }
        owner.close();
    }

    private static byte @Nullable [] encode(@Nullable Object value, PgType type, int format) {
        if (value == null) {
            return null;
        }
        var sink = new ByteSink(16);
        type.encode(value, format, TextStyle.DEFAULT, sink);
        return sink.toByteArray();
    }

    private static int[] formatsOf(@Nullable List<Column> columns) {
        if (columns == null) {
            return new int[0];
        }
        return columns.stream()
                .mapToInt(column -> PgType.of(column.typeOid()).hasBinary() ? BINARY : 0)
                .toArray();
    }

    /**
     * What the owner answers to one batch, up to its ReadyForQuery. A failure, the receiver's
     * included, is thrown only then, so that the next batch meets a clean line.
     */
    private final class Answer {
        private final @Nullable ResultReceiver out;
        private final @Nullable Named statement;
        private int[] parameterOids = {};
        private @Nullable List<Column> columns;
        private int[] formats;
        private @Nullable RuntimeException failure;

        Answer(@Nullable ResultReceiver out, @Nullable Named statement) {
            this.out = out;
            this.statement = statement;
            columns = statement == null ? null : statement.columns;
            formats = statement == null ? new int[0] : statement.formats;
        }

        void await() {
            isBusy = true;
            try {
                owner.flush();
                while (take(owner.read())) {}
            } catch (PgException e) {
                throw failure == null ? e : failure;
            } finally {
                isBusy = false;
            }
            if (failure != null) {
                throw failure;
            }
        }

        /** Returns whether more is to come. */
        private boolean take(BackendMessage message) {
            switch (message) {
                case BackendMessage.ReadyForQuery(char code) -> {
                    status = statusOf(code);
                    return false;
                }
                case BackendMessage.ErrorResponse(var report) ->
                        fail(new PgException(report, null));
                case BackendMessage.ParameterDescription(int[] oids) -> parameterOids = oids;
                case BackendMessage.RowDescription(var fields) -> {
                    columns = fields.stream().map(BackendMessage.Field::column).toList();
                    formats = fields.stream().mapToInt(BackendMessage.Field::format).toArray();
                    if (statement == null) {
                        give(receiver -> receiver.columns(requireColumns()));
                    }
                }
                case BackendMessage.DataRow(var values) ->
                        give(receiver -> receiver.row(decode(values)));
                case BackendMessage.CommandComplete(var tag) ->
                        give(receiver -> receiver.complete(tag));
                case BackendMessage.EmptyQueryResponse empty -> give(ResultReceiver::empty);
                default -> {}
            }
            return true;
        }

        private void give(java.util.function.Consumer<ResultReceiver> step) {
            if (out == null || failure != null) {
                return;
            }
            try {
                step.accept(out);
            } catch (RuntimeException e) {
                fail(e);
            }
        }

        private void fail(RuntimeException e) {
            if (failure == null) {
                failure = e;
            }
        }

        private List<Column> requireColumns() {
            if (columns == null) {
                throw new IllegalStateException("a row without a description");
            }
            return columns;
        }

        private @Nullable Object[] decode(List<byte @Nullable []> values) {
            var row = new @Nullable Object[values.size()];
            for (int i = 0; i < row.length; i++) {
                byte[] value = values.get(i);
                var type = PgType.of(requireColumns().get(i).typeOid());
                row[i] = value == null ? null : type.decode(value, formats[i], TextStyle.DEFAULT);
            }
            return row;
        }

        private static TransactionStatus statusOf(char code) {
            for (var each : TransactionStatus.values()) {
                if (each.code() == code) {
                    return each;
                }
            }
            throw new IllegalStateException("unknown transaction status " + code);
        }
    }
}
