/**
 * Publications, replication slots and change streams: what was committed, read from the log in the
 * order of commits. Entries: {@link io.heliosdb.replication.SessionPublications} for what a session
 * defines, {@link io.heliosdb.replication.Replication} for what readers use. Imports {@code pg},
 * {@code log}, {@code engine} and {@code sql}.
 */
@NullMarked
package io.heliosdb.replication;

import org.jspecify.annotations.NullMarked;
