package io.heliosdb.log;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A write and fsync of the log, in a recording of the JVM. */
@Name("io.heliosdb.LogFlush")
@Label("Log Flush")
@Category("HeliosDB")
@Description("A group of records was written to the log and flushed")
@StackTrace(false)
final class FlushEvent extends Event {
    @Label("Written")
    @DataAmount
    long bytes;

    @Label("End of the log on disk")
    long lsn;
}
