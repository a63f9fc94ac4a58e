package io.heliosdb.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The files of a log: made ahead of their use, written by one thread, recycled when nobody needs
 * them. A file gets its segment's name once its space is on disk, so a segment is whole or not
 * there.
 */
final class Segments implements AutoCloseable {
    private static final String SUFFIX = ".log";
    private static final String SPARE = "spare.";
    private static final String ASIDE = "segment.new";
    private static final int DIGITS = 16;
    private static final int SPARES_MAX = 4;
    private static final int CHUNK = 1 << 20;

    private final LogFiles files;
    private final int segmentBytes;

    /** Held while files are made or removed, so over I/O; no commit and no reader waits for it. */
    private final ReentrantLock changing = new ReentrantLock();

    @GuardedBy("changing")
    private final TreeSet<Long> indexes = new TreeSet<>();

    @GuardedBy("changing")
    private final List<String> spares = new ArrayList<>();

    /** The first byte that is kept; written under {@code changing}. */
    private volatile long first;

    /** Up to here there is space on disk; written under {@code changing}. */
    private volatile long allocatedEnd;

    /** The file that is written; of the one that writes at a time. */
    private LogFiles.@Nullable File current;

    private long currentIndex = -1;
    private boolean isDirty;

    Segments(LogFiles files, int segmentBytes) {
        this.files = files;
        this.segmentBytes = segmentBytes;
    }

    static String name(long index) {
        return "%016X".formatted(index) + SUFFIX;
    }

    static boolean isSegment(String name) {
        return name.length() == DIGITS + SUFFIX.length() && name.endsWith(SUFFIX);
    }

    /** Finds what is there, and removes what a crash has left half made. */
    void load() throws IOException {
        load(true);
    }

    /** Finds what is there; whoever writes may be at work. */
    void look() throws IOException {
        load(false);
    }

    private void load(boolean cleans) throws IOException {
        changing.lock();
        try {
            for (String name : files.list()) {
                if (isSegment(name)) {
                    indexes.add(Long.parseUnsignedLong(name.substring(0, DIGITS), 16));
                } else if (name.startsWith(SPARE)) {
                    spares.add(name);
                } else if (cleans && name.equals(ASIDE)) {
                    files.delete(name);
                }
            }
            if (!indexes.isEmpty()) {
                first = indexes.first() * segmentBytes;
                allocatedEnd = (indexes.last() + 1) * segmentBytes;
            }
        } finally {
            changing.unlock();
        }
    }

    int segmentBytes() {
        return segmentBytes;
    }

    long first() {
        return first;
    }

    long allocatedEnd() {
        return allocatedEnd;
    }

    /** What the files take on disk, with those that are kept for use again. */
    long sizeBytes() {
        changing.lock();
        try {
            return (long) (indexes.size() + spares.size()) * segmentBytes;
        } finally {
            changing.unlock();
        }
    }

    /** Makes one more segment, behind the last; the very first is the one of a position. */
    void allocate(long position) throws IOException {
        changing.lock();
        try {
            long index = indexes.isEmpty() ? position / segmentBytes : indexes.last() + 1;
            if (spares.isEmpty()) {
                makeFile(ASIDE);
                files.rename(ASIDE, name(index));
            } else {
                files.rename(spares.getLast(), name(index));
                spares.removeLast();
            }
            files.syncDirectory();
            indexes.add(index);
            first = indexes.first() * segmentBytes;
            allocatedEnd = (index + 1) * segmentBytes;
        } finally {
            changing.unlock();
        }
    }

    private void makeFile(String name) throws IOException {
        try (var file = files.open(name)) {
            var zeros = ByteBuffer.allocate(Math.min(CHUNK, segmentBytes));
            for (long at = 0; at < segmentBytes; at += zeros.capacity()) {
                file.write(zeros.clear(), at);
            }
            file.sync();
        } catch (IOException e) {
            files.delete(name);
            throw e;
        }
    }

    /** Removes every segment that ends at or before a position; some are kept for use again. */
    void removeBefore(long position) throws IOException {
        changing.lock();
        try {
            while (indexes.size() > 1 && (indexes.first() + 1) * segmentBytes <= position) {
                long index = indexes.first();
                first = (index + 1) * segmentBytes;
                if (spares.size() < SPARES_MAX) {
                    String spare = SPARE + name(index);
                    files.rename(name(index), spare);
                    spares.add(spare);
                } else {
                    files.delete(name(index));
                }
                indexes.remove(index);
            }
        } finally {
            changing.unlock();
        }
    }

    /** Writes bytes; by one at a time. */
    void write(ByteBuffer bytes, long position) throws IOException {
        write(bytes, position, false);
    }

    /** Writes bytes that are on disk when it returns; by one at a time. */
    void writeSynced(ByteBuffer bytes, long position) throws IOException {
        write(bytes, position, true);
    }

    private void write(ByteBuffer bytes, long position, boolean synced) throws IOException {
        long at = position;
        int end = bytes.limit();
        while (bytes.position() < end) {
            int offset = (int) (at % segmentBytes);
            int length = Math.min(end - bytes.position(), segmentBytes - offset);
            bytes.limit(bytes.position() + length);
            var file = switchTo(at / segmentBytes);
            if (synced) {
                file.writeSynced(bytes, offset);
            } else {
                file.write(bytes, offset);
                isDirty = true;
            }
            at += length;
            bytes.limit(end);
        }
    }

    /** Flushes what was written; by one at a time. */
    void sync() throws IOException {
        if (current != null && isDirty) {
            current.sync();
            isDirty = false;
        }
    }

    private LogFiles.File switchTo(long index) throws IOException {
        var file = current;
        if (file != null && currentIndex == index) {
            return file;
        }
        sync();
        close();
        file = files.open(name(index));
        current = file;
        currentIndex = index;
        return file;
    }

    /** Closes the file that is written; by the one that writes, or after the last. */
    @Override
    public void close() throws IOException {
        var file = current;
        current = null;
        currentIndex = -1;
        isDirty = false;
        if (file != null) {
            file.close();
        }
    }
}
