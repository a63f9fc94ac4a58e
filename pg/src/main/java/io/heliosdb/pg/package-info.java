/**
 * PostgreSQL's shared words: notifications and what else a subscriber receives, positions,
 * identifiers, errors. Imports nothing.
 */
@NullMarked
package io.heliosdb.pg;

import org.jspecify.annotations.NullMarked;
