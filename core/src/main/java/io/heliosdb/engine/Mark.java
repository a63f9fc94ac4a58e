package io.heliosdb.engine;

/**
 * A place in a transaction to roll back to: valid until the transaction ends or is rolled back to
 * an earlier place.
 *
 * @param logId the number of changes made before it
 * @param temporary the number of temporary objects made before it
 */
public record Mark(long logId, int temporary) {}
