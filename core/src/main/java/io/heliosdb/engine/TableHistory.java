package io.heliosdb.engine;

import io.heliosdb.engine.TableShape.ColumnShape;
import io.heliosdb.pg.Lsn;

import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * What tables looked like before they were changed, for those who read the log from there: a row in
 * it has no more than its values. When a definition changes, renames or drops a table, its shape is
 * kept with the position of the definition, in the same image of the store that has the change.
 *
 * <p>A definition keeps readers out until both the table and its history have changed, so nobody
 * reads an old row by a new shape.
 */
public final class TableHistory {
    private static final String MAP = "heliosdb.shapes";
    private static final char SEPARATOR = '\0';

    private final Engine engine;
    private final MVMap<String, byte[]> shapes;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    TableHistory(Engine engine, EngineStore store) {
        this.engine = engine;
        shapes = store.database().getStore().getMvStore().openMap(MAP);
    }

    /**
     * A shape and how long it held.
     *
     * @param shape what the table looked like
     * @param until records at or beyond this position have another; empty where it still holds
     */
    public record Held(TableShape shape, Optional<Lsn> until) {}

    /**
     * What a table looked like at a position of the log.
     *
     * @param schema its schema then
     * @param name its name then
     * @param lsn the position of a record that changes its rows
     * @return empty where no table of that name is known
     */
    public Optional<Held> at(String schema, String name, Lsn lsn) {
        lock.readLock().lock();
        try {
            String prefix = prefix(schema, name);
            String key = shapes.higherKey(prefix + digits(lsn));
            byte[] kept = key != null && key.startsWith(prefix) ? shapes.get(key) : null;
            if (kept != null) {
                var until = new Lsn(Long.parseLong(key.substring(prefix.length()), 16));
                return Optional.of(new Held(decode(kept), Optional.of(until)));
            }
            return engine.schema()
                    .table(schema, name)
                    .map(table -> new Held(TableShape.of(table), Optional.empty()));
        } finally {
            lock.readLock().unlock();
        }
    }

    /** A definition that has begun; to be closed when it has ended, whether it succeeded or not. */
    Change begin() {
        lock.writeLock().lock();
        return new Change(engine.schema());
    }

    /** Forgets what no record needs that is still there. */
    void forgetBefore(Lsn oldest) {
        for (String key = shapes.firstKey(); key != null; key = shapes.higherKey(key)) {
            int digits = key.lastIndexOf(SEPARATOR) + 1;
            if (Long.parseLong(key.substring(digits), 16) <= oldest.value()) {
                shapes.remove(key);
            }
        }
    }

    /** The tables as they were before a definition. */
    final class Change implements AutoCloseable {
        private final Schema before;

        private Change(Schema before) {
            this.before = before;
        }

        /** The definition stands in the log here. */
        void defined(Lsn at) {
            var after = engine.schema();
            for (String name : before.names()) {
                for (TableInfo table : before.tables(name)) {
                    if (!table.isView()) {
                        keep(table, after.table(name, table.id().name()).orElse(null), at);
                    }
                }
            }
        }

        private void keep(TableInfo table, @Nullable TableInfo now, Lsn at) {
            if (table.equals(now)) {
                return;
            }
            var shape = TableShape.of(table);
            if (now == null || !shape.equals(TableShape.of(now))) {
                shapes.put(
                        prefix(table.id().schema(), table.id().name()) + digits(at), encode(shape));
            }
        }

        @Override
        public void close() {
            lock.writeLock().unlock();
        }
    }

    private static String prefix(String schema, String name) {
        return schema + SEPARATOR + name + SEPARATOR;
    }

    private static String digits(Lsn lsn) {
        return "%016x".formatted(lsn.value());
    }

    private static byte[] encode(TableShape shape) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeUTF(shape.id().schema());
            out.writeUTF(shape.id().name());
            out.writeInt(shape.oid());
            out.writeInt(shape.columns().size());
            for (var column : shape.columns()) {
                out.writeUTF(column.name());
                out.writeInt(column.oid());
                out.writeInt(column.typeModifier());
                out.writeBoolean(column.isGenerated());
            }
            writeNames(out, shape.primaryKey());
            out.writeInt(shape.keys().size());
            for (var key : shape.keys()) {
                out.writeUTF(key.name());
                writeNames(out, key.columns());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static TableShape decode(byte[] kept) {
        try (var in = new DataInputStream(new ByteArrayInputStream(kept))) {
            var id = new TableId(in.readUTF(), in.readUTF());
            int oid = in.readInt();
            var columns = new ArrayList<ColumnShape>();
            for (int left = in.readInt(); left > 0; left--) {
                columns.add(
                        new ColumnShape(
                                in.readUTF(), in.readInt(), in.readInt(), in.readBoolean()));
            }
            var primaryKey = readNames(in);
            var keys = new ArrayList<TableShape.Key>();
            for (int left = in.readInt(); left > 0; left--) {
                keys.add(new TableShape.Key(in.readUTF(), readNames(in)));
            }
            return new TableShape(id, oid, columns, primaryKey, keys);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeNames(DataOutputStream out, List<String> names) throws IOException {
        out.writeInt(names.size());
        for (String name : names) {
            out.writeUTF(name);
        }
    }

    private static List<String> readNames(DataInputStream in) throws IOException {
        var names = new ArrayList<String>();
        for (int left = in.readInt(); left > 0; left--) {
            names.add(in.readUTF());
        }
        return names;
    }
}
