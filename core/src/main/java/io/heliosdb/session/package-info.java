/**
 * Sessions, transactions and portals, the effects of a transaction, and the one place where a
 * commit happens. Entry types: {@link io.heliosdb.session.Instance} and {@link
 * io.heliosdb.session.Session}.
 */
@NullMarked
package io.heliosdb.session;

import org.jspecify.annotations.NullMarked;
