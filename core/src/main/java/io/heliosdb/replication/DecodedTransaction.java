package io.heliosdb.replication;

import io.heliosdb.pg.Lsn;

import java.time.Instant;
import java.util.List;

/**
 * A committed transaction as the log has it.
 *
 * @param xid its number
 * @param lsn where it is
 * @param end the position behind it, which a consumer acknowledges
 * @param committedAt when it committed
 * @param changes what it did, in order; none where it only notified or defined
 */
record DecodedTransaction(
        int xid, Lsn lsn, Lsn end, Instant committedAt, List<LogicalChange> changes) {}
