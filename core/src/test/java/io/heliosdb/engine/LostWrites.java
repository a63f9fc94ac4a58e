package io.heliosdb.engine;

import io.heliosdb.log.LogFiles;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Writes down, in one order, what is done to the files of a store and its log, and lays out what a
 * machine finds that lost power at any moment: of each sector written since its file's last flush
 * any of the contents that it had since, of the log's names changed since their directory's last
 * flush any beginning of the changes.
 */
final class LostWrites {
    static final String STORE = "heliosdb.mv.db";
    private static final int SECTOR = 512;

    /** What happened. */
    private sealed interface Step {
        /** Bytes, some of which may not arrive. */
        @SuppressWarnings("ArrayRecordComponent") // identity is enough
        record Write(String file, long at, byte[] bytes) implements Step {}

        record Sync(String file) implements Step {}

        record Truncate(String file, long size) implements Step {}

        /** The name of a file goes, or comes from another; the latter is empty for a new file. */
        record Name(String file, String from, boolean isGone) implements Step {}

        record SyncNames() implements Step {}

        record Acknowledged(int number) implements Step {}
    }

    private final List<Step> steps = new ArrayList<>();

    private synchronized void add(Step step) {
        steps.add(step);
    }

    synchronized int size() {
        return steps.size();
    }

    void acknowledged(int number) {
        add(new Step.Acknowledged(number));
    }

    void write(String file, long at, ByteBuffer from) {
        var bytes = new byte[from.remaining()];
        from.duplicate().get(bytes);
        add(new Step.Write(file, at, bytes));
    }

    void sync(String file) {
        add(new Step.Sync(file));
    }

    void truncate(String file, long size) {
        add(new Step.Truncate(file, size));
    }

    /** The highest number that was acknowledged before a moment; -1 for none. */
    synchronized int acknowledgedBefore(int moment) {
        int highest = -1;
        for (var step : steps.subList(0, moment)) {
            if (step instanceof Step.Acknowledged acknowledged) {
                highest = Math.max(highest, acknowledged.number);
            }
        }
        return highest;
    }

    /** Lays out what is there when power is lost at a moment. */
    synchronized void layOut(int moment, Random random, Path directory) throws IOException {
        Map<String, Contents> names = new LinkedHashMap<>(Map.of(STORE, new Contents()));
        Map<String, Contents> durable = new LinkedHashMap<>(names);
        var changes = new ArrayList<Map<String, Contents>>();
        for (var step : steps.subList(0, moment)) {
            switch (step) {
                case Step.Write write -> at(names, write.file).write(write.at, write.bytes);
                case Step.Sync sync -> at(names, sync.file).sync();
                case Step.Truncate truncate -> at(names, truncate.file).truncate(truncate.size);
                case Step.Name name -> {
                    var contents = name.from.isEmpty() ? new Contents() : names.remove(name.from);
                    if (name.isGone) {
                        names.remove(name.file);
                    } else if (contents != null) {
                        names.put(name.file, contents);
                    }
                    changes.add(new LinkedHashMap<>(names));
                }
                case Step.SyncNames _ -> {
                    durable = new LinkedHashMap<>(names);
                    changes.clear();
                }
                case Step.Acknowledged _ -> {}
            }
        }
        int kept = random.nextInt(changes.size() + 1);
        var found = kept == 0 ? durable : changes.get(kept - 1);
        Files.createDirectories(directory.resolve("log"));
        for (var entry : found.entrySet()) {
            boolean isStore = entry.getKey().equals(STORE);
            Path parent = isStore ? directory : directory.resolve("log");
            Files.write(parent.resolve(entry.getKey()), entry.getValue().survivor(random));
        }
    }

    private static Contents at(Map<String, Contents> names, String file) {
        return names.computeIfAbsent(file, _ -> new Contents());
    }

    /** A file: what is on disk, and what is on its way there. */
    private static final class Contents {
        private byte[] bytes = new byte[0];
        private byte[] durable = new byte[0];
        private final Map<Integer, List<byte[]>> versions = new HashMap<>();

        void write(long at, byte[] written) {
            int start = (int) at;
            int end = start + written.length;
            if (end > bytes.length) {
                bytes = Arrays.copyOf(bytes, end);
            }
            System.arraycopy(written, 0, bytes, start, written.length);
            for (int sector = start / SECTOR; sector * SECTOR < end; sector++) {
                int begin = sector * SECTOR;
                int last = Math.min(begin + SECTOR, bytes.length);
                versions.computeIfAbsent(sector, _ -> new ArrayList<>())
                        .add(Arrays.copyOfRange(bytes, begin, last));
            }
        }

        void sync() {
            durable = bytes.clone();
            versions.clear();
        }

        /** The store shortens its file only behind a flush; take it as done. */
        void truncate(long size) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(size, bytes.length));
            durable = Arrays.copyOf(durable, (int) Math.min(size, durable.length));
        }

        byte[] survivor(Random random) {
            int longest = Math.max(durable.length, bytes.length);
            var found = Arrays.copyOf(durable, longest);
            int mood = random.nextInt(4);
            versions.forEach((sector, contents) -> {
                int choice =
                        switch (mood) {
                            case 0 -> 0;
                            case 1 -> contents.size();
                            default -> random.nextInt(contents.size() + 1);
                        };
                int at = sector * SECTOR;
                if (choice > 0 && at < longest) {
                    byte[] content = contents.get(choice - 1);
                    System.arraycopy(content, 0, found, at, Math.min(content.length, longest - at));
                }
            });
            return found;
        }
    }

    /** The log's directory, written down. */
    LogFiles through(LogFiles files) {
        return new LogFiles() {
            @Override
            public List<String> list() throws IOException {
                return files.list();
            }

            @Override
            public File open(String name) throws IOException {
                if (!files.list().contains(name)) {
                    add(new Step.Name(name, "", false));
                }
                return recorded(files.open(name), name);
            }

            @Override
            public File openForReading(String name) throws IOException {
                return files.openForReading(name);
            }

            @Override
            public void rename(String from, String to) throws IOException {
                files.rename(from, to);
                add(new Step.Name(to, from, false));
            }

            @Override
            public void delete(String name) throws IOException {
                files.delete(name);
                add(new Step.Name(name, "", true));
            }

            @Override
            public void syncDirectory() throws IOException {
                files.syncDirectory();
                add(new Step.SyncNames());
            }
        };
    }

    private LogFiles.File recorded(LogFiles.File file, String name) {
        return new LogFiles.File() {
            @Override
            public void read(ByteBuffer into, long at) throws IOException {
                file.read(into, at);
            }

            @Override
            public void write(ByteBuffer from, long at) throws IOException {
                LostWrites.this.write(name, at, from);
                file.write(from, at);
            }

            @Override
            public void sync() throws IOException {
                file.sync();
                LostWrites.this.sync(name);
            }

            @Override
            public long size() throws IOException {
                return file.size();
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }
}
