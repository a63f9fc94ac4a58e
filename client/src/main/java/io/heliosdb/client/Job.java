package io.heliosdb.client;

/**
 * A job of a {@link WorkQueue}.
 *
 * @param id its number; jobs are taken in this order
 * @param payload what it is about
 * @param attempt which attempt this is, from 1
 */
public record Job(long id, String payload, int attempt) {}
