/**
 * The command line: sql, listen, notify. Entry: {@link HeliosCommand}. Imports anything below it.
 */
@NullMarked
package io.heliosdb.cli;

import org.jspecify.annotations.NullMarked;
