/**
 * PostgreSQL's protocol, version 3, both ends: a server uses {@link
 * io.heliosdb.pg.proto.FrontendReader} and {@link io.heliosdb.pg.proto.BackendWriter}, a client
 * {@link io.heliosdb.pg.proto.FrontendWriter} and {@link io.heliosdb.pg.proto.BackendReader}. Also
 * SCRAM-SHA-256. Imports {@code pg} and {@code pg.type}.
 */
@NullMarked
package io.heliosdb.pg.proto;

import org.jspecify.annotations.NullMarked;
