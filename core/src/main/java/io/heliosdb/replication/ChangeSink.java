package io.heliosdb.replication;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.type.ByteSink;

/** Where a plugin's messages go. */
public interface ChangeSink {
    /**
     * A message begins.
     *
     * @param lsn where what it tells is in the log
     * @return takes its bytes until {@link #end}
     */
    ByteSink begin(Lsn lsn);

    /** The message is complete. */
    void end();
}
