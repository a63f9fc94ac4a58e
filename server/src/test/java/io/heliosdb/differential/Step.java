package io.heliosdb.differential;

import java.util.List;

/** What one line of a case asks a session to do. */
sealed interface Step {

    /** The session, a letter. */
    String session();

    /** Sends a simple query and reads its answer. */
    record Query(String session, String sql) implements Step {}

    /** Sends a simple query; a later {@link Receive} reads its answer. */
    record Send(String session, String sql) implements Step {}

    /** Reads up to the next ReadyForQuery. */
    record Receive(String session) implements Step {}

    /** Sends messages of the extended protocol at once and reads the answer of each. */
    record Batch(String session, List<Frontend> messages) implements Step {}

    /** Reads notifications for which nothing was asked. */
    record Await(String session, int notifications) implements Step {}

    /** Cancels what runs, again and again until its answer comes, and reads that. */
    record Cancel(String session) implements Step {}

    /** Says Terminate; the next step of the session connects anew. */
    record Close(String session) implements Step {}

    /** Resets the connection; the next step of the session connects anew. */
    record Abort(String session) implements Step {}

    /** Makes the table of the main job anew, with its trigger. */
    record SalesTable(String session) implements Step {}

    /** Reads what comes until the server ends the connection. */
    record ReadToEnd(String session) implements Step {}
}
