package io.heliosdb.session;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A client of the tests: it writes down what its session gives it, in order. */
final class Client implements SessionClient, ResultReceiver, AutoCloseable {
    final List<String> log = new ArrayList<>();
    final List<Report> notices = new CopyOnWriteArrayList<>();
    final CountDownLatch terminated = new CountDownLatch(1);
    final Session session;
    private volatile @Nullable PgException reason;

    Client(Instance instance) {
        this(instance, "postgres", Map.of());
    }

    Client(Instance instance, String user, Map<String, String> settings) {
        session =
                instance.openSession(
                        new SessionRequest(user, Instance.DATABASE, settings, "", this));
    }

    /**
     * Runs a query string; gives what came, rows as lists of texts, tags, and an error as its code
     * and message.
     */
    List<String> run(String sql) {
        log.clear();
        try {
            session.simpleQuery(sql, this);
        } catch (PgException e) {
            log.add("ERROR " + e.sqlState().code() + " " + e.getMessage());
        }
        return List.copyOf(log);
    }

    /** Runs one statement with parameters as the extended protocol does, its batch ended. */
    List<String> run(String sql, @Nullable Object... parameters) {
        log.clear();
        try {
            var prepared = session.parse("", sql, new int[0]);
            var portal = session.bind("", prepared, Arrays.asList(parameters));
            session.execute(portal, 0, this);
        } catch (PgException e) {
            log.add("ERROR " + e.sqlState().code() + " " + e.getMessage());
        }
        session.sync();
        return List.copyOf(log);
    }

    /** What has been delivered, as channel=payload from pid. */
    List<String> delivered() {
        var got = new ArrayList<String>();
        session.deliveries()
                .drainTo(delivery ->
                        got.add(
                                delivery instanceof Delivery.Notification n
                                        ? n.channel() + "=" + n.payload() + " from " + n.pid()
                                        : delivery.toString()));
        return got;
    }

    List<String> payloads() {
        return delivered().stream().map(text -> text.substring(0, text.indexOf(" from "))).toList();
    }

    @Nullable PgException reason() {
        return reason;
    }

    @Override
    public void notice(Report report) {
        notices.add(report);
    }

    @Override
    public void parameterChanged(String name, String value) {
        log.add(name + "=" + value);
    }

    @Override
    public void terminated(PgException why) {
        reason = why;
        terminated.countDown();
    }

    @Override
    public void columns(List<Column> columns) {}

    @Override
    public void row(@Nullable Object[] values) {
        log.add(Arrays.toString(values));
    }

    @Override
    public void complete(String tag) {
        log.add(tag);
    }

    @Override
    public void empty() {
        log.add("empty");
    }

    @Override
    public void suspended() {
        log.add("suspended");
    }

    @Override
    public void close() {
        session.close();
    }
}
