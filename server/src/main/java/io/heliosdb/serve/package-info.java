/**
 * What {@code HeliosDb} offers and this module does: serving, data sources and joining another
 * process. Found by {@link java.util.ServiceLoader} as {@link io.heliosdb.serve.ServerModule}.
 */
@NullMarked
package io.heliosdb.serve;

import org.jspecify.annotations.NullMarked;
