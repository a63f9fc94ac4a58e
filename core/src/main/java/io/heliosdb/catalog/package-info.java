/**
 * The system catalog: pg_catalog and information_schema as PostgreSQL's clients expect them, and
 * the functions that read them. Entry: {@link io.heliosdb.catalog.Catalog}. Imports {@code pg},
 * {@code engine} and {@code sql}.
 */
@NullMarked
package io.heliosdb.catalog;

import org.jspecify.annotations.NullMarked;
