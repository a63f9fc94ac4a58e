/**
 * The keys of heliosdb.toml: one table of settings and the readers of file and environment. Entry:
 * {@link Settings}. Imports pg only.
 */
@NullMarked
package io.heliosdb.config;

import org.jspecify.annotations.NullMarked;
