/**
 * The SQL functions written in Java. {@link io.heliosdb.engine.function.BuiltinFunctions} lists
 * them; imports {@code engine} and below, and H2's values.
 */
@NullMarked
package io.heliosdb.engine.function;

import org.jspecify.annotations.NullMarked;
