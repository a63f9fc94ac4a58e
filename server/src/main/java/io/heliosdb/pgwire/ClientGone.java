package io.heliosdb.pgwire;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;

import java.io.IOException;

/** What a statement ends with when its client cannot be written to any more. */
final class ClientGone {
    private ClientGone() {}

    static PgException because(IOException cause) {
        return new PgException(
                Report.of(Severity.FATAL, SqlState.CONNECTION_FAILURE, "connection to client lost"),
                cause);
    }
}
