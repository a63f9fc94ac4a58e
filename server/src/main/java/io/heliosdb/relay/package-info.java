/**
 * The relay: what is committed goes to browsers and services over WebSocket and server-sent events,
 * and comes in over HTTP. Entry: {@link io.heliosdb.relay.RelayServer}. Imports core, and Jetty for
 * HTTP, Nimbus for tokens, Jackson's streaming reader and writer for JSON, Prometheus for figures.
 *
 * <pre>
 *   request --Gate (host, origin)--> Routes --Credentials--> Grant
 *      |                               |
 *      | /ws                           | /events
 *   WebSocketLink                   EventStreamLink          one Link: blocks while its client is slow
 *      \________________ Peer _________/
 *                         |  one per subscription, on a virtual thread of its own
 *                        Feed --AckWindow--> Subscription of the database's channels
 * </pre>
 *
 * <p>Nothing is queued here but what one write carries: what a slow client has not taken yet stays
 * in its subscription's queue, which is bounded and has a policy.
 */
@NullMarked
package io.heliosdb.relay;

import org.jspecify.annotations.NullMarked;
