package io.heliosdb.client;

import java.sql.Connection;

/** Does a job. */
@FunctionalInterface
public interface JobHandler {
    /**
     * Does it. What is written by the connection commits together with the end of the job, so that
     * it happens exactly once, however often the job is tried.
     *
     * @param job what is to be done
     * @param connection in the transaction that holds the job; not to be committed, rolled back or
     *     closed
     * @throws Exception where the job failed: the transaction is rolled back, and the job is tried
     *     again later
     */
    void handle(Job job, Connection connection) throws Exception;
}
