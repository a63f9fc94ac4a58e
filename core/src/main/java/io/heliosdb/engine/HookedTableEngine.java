package io.heliosdb.engine;

import org.h2.api.TableEngine;
import org.h2.command.ddl.CreateTableData;
import org.h2.table.Table;

/**
 * Makes every table one that tells of its rows. The store names it as its default for the time it
 * is open and instantiates it by reflection; it leaves no trace in the file. Not for use by others.
 */
public final class HookedTableEngine implements TableEngine {
    /** The table of tables: made first at each opening, before those that it describes. */
    private static final int META_TABLE = 0;

    /** For the store only. */
    public HookedTableEngine() {}

    /** {@inheritDoc} */
    @Override
    public Table createTable(CreateTableData data) {
        data.tableEngine = null;
        if (data.id == META_TABLE) {
            Functions.register(data.session.getDatabase());
        }
        return HookedTable.create(data);
    }
}
