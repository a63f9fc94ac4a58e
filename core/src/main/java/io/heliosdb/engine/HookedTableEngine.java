package io.heliosdb.engine;

import org.h2.api.TableEngine;
import org.h2.command.ddl.CreateTableData;
import org.h2.table.Table;

/**
 * Makes every table one that tells of its rows. The store names it as its default for the time it
 * is open and instantiates it by reflection; it leaves no trace in the file. Not for use by others.
 */
public final class HookedTableEngine implements TableEngine {
    /** For the store only. */
    public HookedTableEngine() {}

    /** {@inheritDoc} */
    @Override
    public Table createTable(CreateTableData data) {
        data.tableEngine = null;
        return HookedTable.create(data);
    }
}
