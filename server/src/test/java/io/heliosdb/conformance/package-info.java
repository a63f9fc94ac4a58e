/**
 * Clients in other languages, run as processes against PostgreSQL and HeliosDB-Lite; only with the
 * profile {@code conformance}, for they come from Debian and npm. Imports {@code differential} for
 * the servers.
 */
@NullMarked
package io.heliosdb.conformance;

import org.jspecify.annotations.NullMarked;
