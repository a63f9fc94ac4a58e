package io.heliosdb.session;

import io.heliosdb.pg.Column;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A parsed statement with its parameters' and columns' types known. Belongs to one session; a later
 * change of the schema makes the session prepare it anew.
 */
public interface PreparedStatement {
    /**
     * The types of the parameters, as given by the client or inferred.
     *
     * @return one oid a parameter
     */
    int[] parameterOids();

    /**
     * The columns it returns.
     *
     * @return null where it returns no rows
     */
    @Nullable List<Column> columns();
}
