/**
 * The data of COPY: rows as text, CSV or binary. Entry: {@link io.heliosdb.pg.copy.CopyReader} and
 * {@link io.heliosdb.pg.copy.CopyWriter}. Imports pg and pg.type.
 */
@NullMarked
package io.heliosdb.pg.copy;

import org.jspecify.annotations.NullMarked;
