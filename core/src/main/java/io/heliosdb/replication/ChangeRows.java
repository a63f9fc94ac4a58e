package io.heliosdb.replication;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.type.ByteSink;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Messages as rows of a function: position, transaction, and the message as text or bytes. */
final class ChangeRows implements ChangeSink {
    private final boolean isBinary;
    private final List<@Nullable Object[]> rows = new ArrayList<>();
    private final ByteSink bytes = new ByteSink(256);
    private Lsn lsn = Lsn.ZERO;
    private long xid;

    ChangeRows(boolean isBinary) {
        this.isBinary = isBinary;
    }

    /** What follows is of this transaction. */
    void transaction(long number) {
        xid = number & 0xFFFF_FFFFL;
    }

    int count() {
        return rows.size();
    }

    List<@Nullable Object[]> rows() {
        return rows;
    }

    @Override
    public ByteSink begin(Lsn at) {
        lsn = at;
        bytes.clear();
        return bytes;
    }

    @Override
    public void end() {
        byte[] message = bytes.toByteArray();
        rows.add(
                new @Nullable Object[] {
                    lsn.toString(), xid, isBinary ? message : new String(message, UTF_8)
                });
    }
}
