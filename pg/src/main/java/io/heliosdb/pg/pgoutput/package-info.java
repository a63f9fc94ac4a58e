/**
 * Row changes as PostgreSQL's plugin {@code pgoutput} encodes them for logical replication,
 * protocol version 1, both ways: {@link io.heliosdb.pg.pgoutput.ChangeReader} and {@link
 * io.heliosdb.pg.pgoutput.ChangeWriter}. It imports {@code pg} and {@code pg.type}.
 */
@NullMarked
package io.heliosdb.pg.pgoutput;

import org.jspecify.annotations.NullMarked;
