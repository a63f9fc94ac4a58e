/**
 * Channels, subscriptions, bounded queues and the one order of commits; knows no SQL. Entry: {@link
 * io.heliosdb.pubsub.PubSub}. Imports only {@code io.heliosdb.pg}.
 *
 * <pre>
 *   committer --append--> CommitOrder (next lsn, in-flight tail) --publish, in lsn order--> Channels
 *                                                                                             | one reference
 *   subscriber &lt;--poll, receive, onDelivery-- Subscription &lt;-- DeliveryQueue (bounded) &lt;------+ per transaction
 * </pre>
 */
@NullMarked
package io.heliosdb.pubsub;

import org.jspecify.annotations.NullMarked;
