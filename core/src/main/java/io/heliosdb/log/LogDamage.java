package io.heliosdb.log;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.io.IOException;

/**
 * What is on disk is not what was written there: more than a crash can explain. The log stays
 * closed, since going on would lose in silence what has been acknowledged.
 */
public final class LogDamage extends IOException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final long offset;

    /**
     * Damage at a place.
     *
     * @param file the file's name
     * @param offset bytes from its beginning
     * @param what is wrong there
     */
    LogDamage(String file, long offset, String what) {
        super("file \"" + file + "\" at offset " + offset + ": " + what);
        this.file = file;
        this.offset = offset;
    }

    /**
     * Where it was found.
     *
     * @return the file's name
     */
    public String file() {
        return file;
    }

    /**
     * Where in the file it was found.
     *
     * @return bytes from its beginning
     */
    public long offset() {
        return offset;
    }

    PgException error(LogFiles files) {
        var error =
                new PgException(SqlState.DATA_CORRUPTED, "the log in \"" + files + "\" is damaged")
                        .withDetail(getMessage())
                        .withHint(
                                "Nothing was changed. Restore the file from a copy or a backup, or"
                                        + " run \"heliosdb log verify\" to see what can be read.");
        return new PgException(error.report(), this);
    }
}
