package io.heliosdb.bench.log;

import io.heliosdb.engine.Engine;
import io.heliosdb.engine.EngineOptions;
import io.heliosdb.engine.SlowDisk;
import io.heliosdb.engine.WalOptions;
import io.heliosdb.pg.Column;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.session.Instance;
import io.heliosdb.session.InstanceOptions;
import io.heliosdb.session.PreparedStatement;
import io.heliosdb.session.ResultReceiver;
import io.heliosdb.session.Session;
import io.heliosdb.session.SessionClient;
import io.heliosdb.session.SessionRequest;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Ours, with the log, or with the group commit of its store alone: sessions of an instance. */
final class HeliosTarget implements CommitTarget {
    private final Instance instance;

    private HeliosTarget(Instance instance) {
        this.instance = instance;
        try (var writer = new SessionWriter(instance, "")) {
            writer.run("CREATE TABLE IF NOT EXISTS t (id bigint PRIMARY KEY, x text)");
        }
    }

    /** Checkpoints come when they are asked for, and at no other time. */
    static HeliosTarget withLog(Path directory, Duration fsync) {
        var wal =
                WalOptions.defaults()
                        .withCheckpoints(Long.MAX_VALUE, Duration.ofDays(1))
                        .withLayer(SlowLogFiles::new);
        return open(EngineOptions.at(directory).withWal(Optional.of(wal)), fsync);
    }

    static HeliosTarget withoutLog(Path directory, Duration fsync) {
        return open(EngineOptions.at(directory).withWal(Optional.empty()), fsync);
    }

    private static HeliosTarget open(EngineOptions options, Duration fsync) {
        SlowDisk.setDelay(fsync);
        return new HeliosTarget(Instance.open(InstanceOptions.of(options)));
    }

    Engine engine() {
        return instance.engine();
    }

    @Override
    public Writer newWriter() {
        return new SessionWriter(instance, "INSERT INTO t VALUES ($1, $2)");
    }

    /** One that changes rows that are there. */
    Writer newUpdater() {
        return new SessionWriter(instance, "UPDATE t SET x = $2 WHERE id = $1");
    }

    @Override
    public void close() {
        instance.close();
        SlowDisk.setDelay(Duration.ZERO);
    }

    private static final class SessionWriter implements Writer, SessionClient, ResultReceiver {
        private final Session session;
        private final PreparedStatement statement;

        SessionWriter(Instance instance, String sql) {
            session =
                    instance.openSession(
                            new SessionRequest("postgres", Instance.DATABASE, Map.of(), "", this));
            statement = session.parse("s", sql, new int[0]);
        }

        void run(String sql) {
            session.simpleQuery(sql, this);
        }

        @Override
        public void commit(long id) {
            List<@Nullable Object> parameters = List.of(id, DurableCommits.TEXT);
            session.execute(session.bind("", statement, parameters), 0, this);
            session.sync();
        }

        @Override
        public void close() {
            session.close();
        }

        @Override
        public void notice(Report report) {}

        @Override
        public void parameterChanged(String name, String value) {}

        @Override
        public void terminated(PgException reason) {}

        @Override
        public void columns(List<Column> columns) {}

        @Override
        public void row(@Nullable Object[] values) {}

        @Override
        public void complete(String tag) {}

        @Override
        public void empty() {}

        @Override
        public void suspended() {}
    }
}
