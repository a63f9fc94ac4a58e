package io.heliosdb.session;

/** Takes the data of a COPY TO. */
public interface CopySink {
    /**
     * A row, or what comes before the first or after the last one.
     *
     * @param bytes the sink's to keep
     */
    void put(byte[] bytes);

    /** The data are complete. */
    void done();
}
