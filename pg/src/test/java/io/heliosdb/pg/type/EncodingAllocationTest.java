package io.heliosdb.pg.type;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import io.heliosdb.pg.Oid;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;

/** The encodings that every row uses take no memory beyond their buffer. */
class EncodingAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 10_000;

    private record Value(int oid, Object value) {}

    private static final List<Value> VALUES =
            List.of(
                    new Value(Oid.INT4, 123_456),
                    new Value(Oid.INT8, Long.MAX_VALUE),
                    new Value(Oid.BOOL, true),
                    new Value(Oid.TEXT, "plain and é€𝄞"),
                    new Value(Oid.VARCHAR, "plain"),
                    new Value(Oid.UUID, new UUID(1, 2)),
                    new Value(Oid.NUMERIC, new BigDecimal(42)),
                    new Value(Oid.BYTEA, new byte[] {1, 2, 3}));

    @Test
    void allocatesNothingBesideTheBuffer() {
        var sink = new ByteSink(1024);
        // The first rounds load classes and compile.
        encodeAll(sink);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        encodeAll(sink);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).isLessThan(ROUNDS);
    }

    private static void encodeAll(ByteSink sink) {
        for (int round = 0; round < ROUNDS; round++) {
            sink.clear();
            for (int i = 0; i < VALUES.size(); i++) {
                var value = VALUES.get(i);
                var type = PgType.of(value.oid());
                type.encode(value.value(), 0, TextStyle.DEFAULT, sink);
                if (value.oid() != Oid.NUMERIC) {
                    type.encode(value.value(), 1, TextStyle.DEFAULT, sink);
                }
            }
        }
    }
}
