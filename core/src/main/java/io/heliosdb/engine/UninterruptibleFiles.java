package io.heliosdb.engine;

import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * A file system of the store whose files survive the interrupt of a thread that reads or writes
 * them. Names are those of the plain file system after the scheme. The store instantiates it by
 * reflection; not for use by others.
 */
public final class UninterruptibleFiles extends FilePathWrapper {
    static final String SCHEME = "heliosdb";

    static {
        FilePath.register(new UninterruptibleFiles());
    }

    /** For the store only. */
    public UninterruptibleFiles() {}

    /** Makes the scheme known; further calls do nothing. */
    static void register() {
        // The static initialiser has done it.
    }

    /** {@inheritDoc} */
    @Override
    public FileChannel open(String mode) throws IOException {
        return new UninterruptibleChannel(() -> getBase().open(mode), false);
    }

    /** {@inheritDoc} */
    @Override
    public String getScheme() {
        return SCHEME;
    }
}
