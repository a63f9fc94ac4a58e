/** The tests of the client module, run against a served HeliosDB-Lite. */
@NullMarked
package io.heliosdb.listener;

import org.jspecify.annotations.NullMarked;
