package io.heliosdb.pubsub;

import java.util.concurrent.atomic.LongAdder;

/** What is counted since the start; anybody adds, anybody reads. */
final class Counters {
    final LongAdder sent = new LongAdder();
    final LongAdder delivered = new LongAdder();
    final LongAdder received = new LongAdder();
    final LongAdder dropped = new LongAdder();
    final LongAdder leaked = new LongAdder();
    final Delays delays = new Delays();
}
