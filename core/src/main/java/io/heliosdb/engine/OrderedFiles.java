package io.heliosdb.engine;

import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * The file system of a store that has a log: as {@link UninterruptibleFiles}, and each part of the
 * file is on disk before what says that it is whole. An image that was cut short by a loss of power
 * is not believed then, and the store opens at the one before, from where the log goes on. The
 * store instantiates it by reflection; not for use by others.
 */
public final class OrderedFiles extends FilePathWrapper {
    static final String SCHEME = "heliosdbordered";

    static {
        FilePath.register(new OrderedFiles());
    }

    /** For the store only. */
    public OrderedFiles() {}

    /** Makes the scheme known; further calls do nothing. */
    static void register() {
        // The static initialiser has done it.
    }

    /** {@inheritDoc} */
    @Override
    public FileChannel open(String mode) throws IOException {
        return new UninterruptibleChannel(() -> getBase().open(mode), true);
    }

    /** {@inheritDoc} */
    @Override
    public String getScheme() {
        return SCHEME;
    }
}
