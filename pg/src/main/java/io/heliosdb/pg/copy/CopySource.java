package io.heliosdb.pg.copy;

import org.jspecify.annotations.Nullable;

/** Where the data of a COPY FROM comes from, in parts of any size. */
@FunctionalInterface
public interface CopySource {
    /**
     * Waits for the next part.
     *
     * @return the reader's to keep; null at the end
     * @throws io.heliosdb.pg.PgException 57014 where the client gives up
     */
    byte @Nullable [] next();
}
