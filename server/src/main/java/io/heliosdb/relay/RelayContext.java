package io.heliosdb.relay;

import io.heliosdb.events.Consumers;
import io.heliosdb.spi.HttpRequest.Limits;

/**
 * What all peers share.
 *
 * @param limits what bounds each
 * @param source where events come from
 * @param credentials who is who
 * @param consumers positions that have a name
 * @param presence who is where
 * @param peers all of them
 * @param metrics what is counted
 */
record RelayContext(
        Limits limits,
        Source source,
        Credentials credentials,
        Consumers consumers,
        Presence presence,
        Peers peers,
        Metrics metrics) {}
