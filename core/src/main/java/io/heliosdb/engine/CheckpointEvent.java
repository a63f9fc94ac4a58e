package io.heliosdb.engine;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A checkpoint, in a recording of the JVM. */
@Name("io.heliosdb.Checkpoint")
@Label("Checkpoint")
@Category("HeliosDB")
@Description("The store wrote its pages, so that the log before them is not needed")
@StackTrace(false)
final class CheckpointEvent extends Event {
    @Label("Covered")
    long lsn;

    @Label("Nobody else could write for")
    @Timespan(Timespan.NANOSECONDS)
    long aloneNanos;
}
