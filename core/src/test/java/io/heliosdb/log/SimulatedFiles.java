package io.heliosdb.log;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;

/**
 * A disk in memory that can lose what was not flushed, fill up, hold up a flush and fail it. What a
 * crash leaves of each sector written since the last flush is any of the contents it had since, and
 * of the names changed since the directory's last flush any beginning of the changes.
 */
final class SimulatedFiles implements LogFiles {
    static final int SECTOR = 512;

    private final Map<String, Node> names = new HashMap<>();
    private Map<String, Node> durableNames = new HashMap<>();
    private final List<Map<String, Node>> nameChanges = new ArrayList<>();
    private final Semaphore syncs = new Semaphore(Integer.MAX_VALUE);
    private long freeBytes = Long.MAX_VALUE / 2;
    private boolean syncFails;
    private long syncCount;

    @SuppressWarnings("ArrayRecordComponent") // identity is enough
    private record Version(int sector, byte[] bytes) {}

    private static final class Node {
        byte[] bytes = new byte[0];
        byte[] durable = new byte[0];
        final List<Version> unsynced = new ArrayList<>();
    }

    // Faults.

    synchronized void freeBytes(long bytes) {
        freeBytes = bytes;
    }

    synchronized void failSyncs() {
        syncFails = true;
    }

    /** From now on flushes wait for {@link #letSync}. */
    void holdSyncs() {
        syncs.drainPermits();
    }

    void letSync(int count) {
        syncs.release(count);
    }

    int waitingSyncs() {
        return syncs.getQueueLength();
    }

    synchronized long syncCount() {
        return syncCount;
    }

    /** What a machine finds that lost power now. */
    synchronized SimulatedFiles crashed(RandomGenerator random) {
        var after = new SimulatedFiles();
        int kept = random.nextInt(nameChanges.size() + 1);
        var found = kept == 0 ? durableNames : nameChanges.get(kept - 1);
        found.forEach((name, node) -> after.put(name, survivor(node, random)));
        return after;
    }

    /** What the disk has when nothing is lost. */
    synchronized SimulatedFiles copy() {
        var after = new SimulatedFiles();
        names.forEach((name, node) -> after.put(name, node.bytes.clone()));
        return after;
    }

    /** The bytes of a file, to be damaged. */
    synchronized byte[] bytes(String name) {
        return names.get(name).bytes;
    }

    synchronized void replace(String name, byte[] bytes) {
        put(name, bytes);
    }

    private void put(String name, byte[] bytes) {
        var node = new Node();
        node.bytes = bytes;
        node.durable = bytes.clone();
        names.put(name, node);
        durableNames.put(name, node);
    }

    private static byte[] survivor(Node node, RandomGenerator random) {
        int longest = Math.max(node.durable.length, node.bytes.length);
        var bytes = Arrays.copyOf(node.durable, longest);
        Map<Integer, List<byte[]>> versions = new HashMap<>();
        for (var version : node.unsynced) {
            versions.computeIfAbsent(version.sector, _ -> new ArrayList<>()).add(version.bytes);
        }
        // All lost, all kept or a mix: the extremes are the likeliest on a real machine.
        int mood = random.nextInt(4);
        versions.forEach((sector, contents) -> {
            int choice =
                    switch (mood) {
                        case 0 -> 0;
                        case 1 -> contents.size();
                        default -> random.nextInt(contents.size() + 1);
                    };
            if (choice > 0) {
                byte[] content = contents.get(choice - 1);
                int at = sector * SECTOR;
                System.arraycopy(content, 0, bytes, at, Math.min(content.length, longest - at));
            }
        });
        return bytes;
    }

    // The disk.

    @Override
    public synchronized List<String> list() {
        return List.copyOf(names.keySet());
    }

    @Override
    public synchronized File open(String name) {
        if (!names.containsKey(name)) {
            names.put(name, new Node());
            changed();
        }
        return new Handle(names.get(name));
    }

    @Override
    public synchronized File openForReading(String name) throws IOException {
        var node = names.get(name);
        if (node == null) {
            throw new FileNotFoundException(name);
        }
        return new Handle(node);
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        var node = names.remove(from);
        if (node == null) {
            throw new FileNotFoundException(from);
        }
        names.put(to, node);
        changed();
    }

    @Override
    public synchronized void delete(String name) {
        var node = names.remove(name);
        if (node != null) {
            freeBytes += node.bytes.length;
            changed();
        }
    }

    @Override
    public synchronized void syncDirectory() {
        durableNames = new HashMap<>(names);
        nameChanges.clear();
    }

    private void changed() {
        nameChanges.add(new HashMap<>(names));
    }

    private final class Handle implements File {
        private final Node node;

        Handle(Node node) {
            this.node = node;
        }

        @Override
        public void read(ByteBuffer into, long at) {
            synchronized (SimulatedFiles.this) {
                int length = (int) Math.min(into.remaining(), node.bytes.length - at);
                if (length > 0) {
                    into.put(node.bytes, (int) at, length);
                }
            }
        }

        @Override
        public void write(ByteBuffer from, long at) throws IOException {
            synchronized (SimulatedFiles.this) {
                int start = (int) at;
                int end = start + from.remaining();
                if (end > node.bytes.length) {
                    if (end - node.bytes.length > freeBytes) {
                        throw new IOException("No space left on device");
                    }
                    freeBytes -= end - node.bytes.length;
                    node.bytes = Arrays.copyOf(node.bytes, end);
                }
                from.get(node.bytes, start, end - start);
                for (int sector = start / SECTOR; sector * SECTOR < end; sector++) {
                    int begin = sector * SECTOR;
                    int last = Math.min(begin + SECTOR, node.bytes.length);
                    var content = Arrays.copyOfRange(node.bytes, begin, last);
                    node.unsynced.add(new Version(sector, content));
                }
            }
        }

        @Override
        public void sync() throws IOException {
            syncs.acquireUninterruptibly();
            synchronized (SimulatedFiles.this) {
                if (syncFails) {
                    throw new IOException("the disk is gone");
                }
                syncCount++;
                node.durable = node.bytes.clone();
                node.unsynced.clear();
            }
            syncs.release();
        }

        @Override
        public long size() {
            synchronized (SimulatedFiles.this) {
                return node.bytes.length;
            }
        }

        @Override
        public void close() {
            // A handle holds nothing.
        }
    }
}
