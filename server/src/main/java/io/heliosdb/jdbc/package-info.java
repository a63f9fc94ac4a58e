/**
 * A {@link javax.sql.DataSource} without a TCP port: pgjdbc speaks to a backend in the same process
 * through memory, or to the owning process through its Unix socket. Entry type: {@link
 * io.heliosdb.jdbc.HeliosDataSource}. Imports {@code pgwire} and what lies below it.
 */
@NullMarked
package io.heliosdb.jdbc;

import org.jspecify.annotations.NullMarked;
