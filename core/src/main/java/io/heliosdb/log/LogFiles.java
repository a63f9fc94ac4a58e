package io.heliosdb.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The directory that a log lives in, as little of it as the log needs: so that a test can put a
 * disk in its place that loses power, fills up or fails. {@link DiskFiles} is the real one.
 *
 * <p>Nothing is durable before it is flushed: a file's bytes by {@link File#sync}, names by {@link
 * #syncDirectory}.
 */
public interface LogFiles {
    /**
     * An open file. Writes come from one thread at a time; reads of another handle may come at the
     * same time. An interrupt of the calling thread neither fails a call nor closes the file.
     */
    interface File extends Closeable {
        /**
         * Reads as many bytes as the file has.
         *
         * @param into filled from its position on
         * @param at where to begin
         * @throws IOException where the disk fails
         */
        void read(ByteBuffer into, long at) throws IOException;

        /**
         * Writes all bytes.
         *
         * @param from its rest
         * @param at where to begin
         * @throws IOException where the disk fails or is full
         */
        void write(ByteBuffer from, long at) throws IOException;

        /**
         * Writes bytes, and returns once they are on disk. An interrupt does not harm the file, so
         * any thread may do it.
         *
         * @param from the bytes, up to its limit
         * @param at where in the file
         * @throws IOException if they could not be written; what is on disk then is not known
         */
        default void writeSynced(ByteBuffer from, long at) throws IOException {
            write(from, at);
            sync();
        }

        /**
         * Flushes what was written; after a failure nothing is known of it.
         *
         * @throws IOException where the disk fails
         */
        void sync() throws IOException;

        /**
         * The length of the file.
         *
         * @return bytes
         * @throws IOException where the disk fails
         */
        long size() throws IOException;
    }

    /**
     * The names in the directory.
     *
     * @return in any order
     * @throws IOException where it cannot be read
     */
    List<String> list() throws IOException;

    /**
     * Opens a file for reading and writing, and makes it where it does not exist.
     *
     * @param name its name
     * @return to be closed by the caller
     * @throws IOException where it cannot be opened
     */
    File open(String name) throws IOException;

    /**
     * Opens a file for reading.
     *
     * @param name its name
     * @return to be closed by the caller
     * @throws IOException where it does not exist or cannot be opened
     */
    File openForReading(String name) throws IOException;

    /**
     * Gives a file another name, which no other file keeps.
     *
     * @param from its name
     * @param to its new name
     * @throws IOException where that fails
     */
    void rename(String from, String to) throws IOException;

    /**
     * Removes a file, if it is there.
     *
     * @param name its name
     * @throws IOException where that fails
     */
    void delete(String name) throws IOException;

    /**
     * Flushes the names.
     *
     * @throws IOException where that fails
     */
    void syncDirectory() throws IOException;
}
