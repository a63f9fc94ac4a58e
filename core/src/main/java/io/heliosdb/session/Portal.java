package io.heliosdb.session;

import io.heliosdb.pg.Column;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement bound to its parameters, ready to run or suspended in the middle of its rows. */
public interface Portal {
    /**
     * The columns it returns.
     *
     * @return null where it returns no rows
     */
    @Nullable List<Column> columns();
}
