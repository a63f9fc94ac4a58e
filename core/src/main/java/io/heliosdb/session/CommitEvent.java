package io.heliosdb.session;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A commit that changed or told something, in a recording of the JVM. */
@Name("io.heliosdb.Commit")
@Label("Commit")
@Category("HeliosDB")
@Description("From the commit of a transaction until it was acknowledged")
@StackTrace(false)
final class CommitEvent extends Event {
    @Label("Session")
    int pid;

    @Label("Notifications")
    int notifications;

    @Label("Waited for the disk")
    boolean isDurable;
}
