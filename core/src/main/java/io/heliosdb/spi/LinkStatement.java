package io.heliosdb.spi;

import io.heliosdb.pg.Column;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** A statement that a {@link Link} has prepared. */
public interface LinkStatement {
    /**
     * The types of the parameters, as given or inferred.
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
