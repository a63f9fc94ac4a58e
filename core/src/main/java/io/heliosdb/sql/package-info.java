/**
 * Recognises the statements this database owns, rewrites PostgreSQL's and SQLite's dialect for the
 * engine, and lets nothing else through; entries are {@link io.heliosdb.sql.SqlParser} and {@link
 * io.heliosdb.sql.Rewriter}. Imports pg only.
 */
@NullMarked
package io.heliosdb.sql;

import org.jspecify.annotations.NullMarked;
