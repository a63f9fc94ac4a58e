/**
 * The embedded database's public face. Entry: {@link io.heliosdb.HeliosConfig}. Imports everything
 * in this module.
 */
@NullMarked
package io.heliosdb;

import org.jspecify.annotations.NullMarked;
