/**
 * The embedded database. {@link io.heliosdb.HeliosDb#open} a directory, {@link
 * io.heliosdb.HeliosDb#connect} to run SQL, {@link io.heliosdb.HeliosDb#subscribe} to be told what
 * was committed; {@link io.heliosdb.HeliosConfig} says how. Imports everything in this module.
 */
@NullMarked
package io.heliosdb;

import org.jspecify.annotations.NullMarked;
