package io.heliosdb.bench.torture;

import io.heliosdb.HeliosDb;
import io.heliosdb.engine.Engine;
import io.heliosdb.engine.EngineOptions;
import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.QuietServices;
import io.heliosdb.log.Log;
import io.heliosdb.log.LogEntry.Notice;
import io.heliosdb.log.LogRecord;
import io.heliosdb.pg.Lsn;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a database must hold after its process was killed. */
final class TortureCheck {
    private final Path directory;

    /** Everything that was ever acknowledged in this directory. */
    private final Set<String> acknowledged = new HashSet<>();

    TortureCheck(Path directory) {
        this.directory = directory;
    }

    /** How much was there. */
    record Found(int transactions, int notifications) {}

    Found after(List<String> said) {
        acknowledged.addAll(said);
        try (var db = HeliosDb.open(TortureWriter.config(directory))) {
            TortureWriter.define(db);
            var names = requireWhole(db);
            requireAcknowledged(db, names);
            requireSums(db);
        }
        try (var engine = Engine.open(EngineOptions.at(directory))) {
            var names = names(engine);
            int notifications = requireNotifications(engine, names);
            requireSameAsReplay(engine);
            return new Found(names.size(), notifications);
        }
    }

    /** No transaction is there in part; gives the names of those that are. */
    private static Set<String> requireWhole(HeliosDb db) {
        var names = new HashSet<String>();
        var rows = db.query("SELECT writer, n, count(*), max(part) FROM a GROUP BY writer, n");
        for (var row : rows) {
            int n = row.asInt(1);
            String name = row.asInt(0) + ":" + n;
            require(row.asLong(2) == 1 + n % 4 && row.asInt(3) == n % 4, name + " is not whole");
            require(n % TortureWriter.UNDONE != 0, name + " was rolled back");
            names.add(name);
        }
        var audited = new HashSet<String>();
        for (var row : db.query("SELECT writer, n FROM audit WHERE writer >= 0")) {
            require(audited.add(row.asInt(0) + ":" + row.asInt(1)), "a trigger has run twice");
        }
        require(audited.equals(names), "what the trigger wrote is not what was committed");
        for (var row : db.query("SELECT writer, n FROM b")) {
            require(names.contains(row.asInt(0) + ":" + row.asInt(1)), "b has more than a");
        }
        return names;
    }

    private void requireAcknowledged(HeliosDb db, Set<String> names) {
        var tables = new HashSet<String>();
        for (var row :
                db.query(
                        "SELECT table_name FROM information_schema.tables WHERE table_schema ="
                                + " 'public'")) {
            tables.add(row.asString(0));
        }
        for (String said : acknowledged) {
            if (said.startsWith("table ")) {
                require(tables.contains(said.substring(6)), said + " is lost");
            } else if (said.startsWith("gone ")) {
                require(!tables.contains(said.substring(5)), said + " is back");
            } else {
                require(names.contains(said), said + " was acknowledged and is lost");
            }
        }
    }

    private static void requireSums(HeliosDb db) {
        var row = db.queryRow("SELECT sum(n), count(*) FROM account").orElseThrow();
        require(row.asLong(0) == 0, "the sum of the accounts is " + row.asLong(0));
        require(row.asLong(1) == TortureWriter.ACCOUNTS, "an account is lost");
        var used = db.queryRow("SELECT count(*) - count(DISTINCT v) FROM used").orElseThrow();
        require(used.asLong(0) == 0, "a sequence gave a value twice");
    }

    private static Set<String> names(Engine engine) {
        var names = new HashSet<String>();
        try (var session = engine.newInternalSession(new QuietServices("postgres", "postgres"))) {
            for (var row : rows(session, "select distinct writer, n from public.a")) {
                names.add(row[0] + ":" + row[1]);
            }
        }
        return names;
    }

    /** Each transaction that is there has told its name once, each writer's in their order. */
    private static int requireNotifications(Engine engine, Set<String> names) {
        var log = engine.log().orElseThrow();
        var named = new ArrayList<String>();
        var told = new ArrayList<String>();
        for (var record : records(log)) {
            for (Notice notice : record.entry().notifications()) {
                (notice.channel().equals("named") ? named : told).add(notice.payload());
            }
        }
        require(named.equals(told), "the two channels differ in their order");
        require(new HashSet<>(named).equals(names), "not the notifications of what is there");
        require(named.size() == names.size(), "a notification is there twice");
        var last = new HashMap<String, Integer>();
        for (String name : named) {
            int colon = name.indexOf(':');
            int n = Integer.parseInt(name.substring(colon + 1));
            Integer before = last.put(name.substring(0, colon), n);
            require(before == null || before < n, name + " comes after " + before);
        }
        return named.size() + told.size();
    }

    private static void requireSameAsReplay(Engine engine) {
        var log = engine.log().orElseThrow();
        try (var empty = Engine.open(EngineOptions.inMemory())) {
            for (var record : records(log)) {
                empty.replay(record);
            }
            var expected = state(engine);
            var replayed = state(empty);
            require(expected.keySet().equals(replayed.keySet()), "other tables after a replay");
            expected.forEach((table, rows) ->
                    require(
                            rows.equals(replayed.get(table)),
                            table + " differs after a full replay"));
        }
    }

    private static List<LogRecord> records(Log log) {
        log.flush();
        var records = new ArrayList<LogRecord>();
        try (var reader = log.reader(Lsn.ZERO)) {
            for (var next = reader.next(); next.isPresent(); next = reader.next()) {
                records.add(next.get());
            }
        }
        return records;
    }

    /** Every table with its rows, as text, sorted. */
    private static Map<String, List<String>> state(Engine engine) {
        var state = new TreeMap<String, List<String>>();
        try (var session = engine.newInternalSession(new QuietServices("postgres", "postgres"))) {
            var tables =
                    rows(
                            session,
                            "select table_schema, table_name from information_schema.tables where"
                                    + " table_type = 'BASE TABLE' and table_schema in ('public',"
                                    + " 'heliosdb')");
            for (var table : tables) {
                String name = "\"" + table[0] + "\".\"" + table[1] + "\"";
                var texts = new ArrayList<String>();
                for (var row : rows(session, "select * from " + name)) {
                    texts.add(Arrays.deepToString(row));
                }
                texts.sort(null);
                state.put(name, texts);
            }
        }
        return state;
    }

    private static List<@Nullable Object[]> rows(EngineSession session, String sql) {
        var rows = new ArrayList<@Nullable Object[]>();
        try (var plan = session.prepare(sql);
                var result = plan.execute()) {
            int columns = plan.columns().size();
            while (result.next()) {
                var row = new @Nullable Object[columns];
                for (int i = 0; i < columns; i++) {
                    row[i] = result.value(i);
                }
                rows.add(row);
            }
        }
        return rows;
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }
}
