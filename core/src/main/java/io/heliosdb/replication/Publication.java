package io.heliosdb.replication;

import io.heliosdb.engine.TableId;

import java.util.List;
import java.util.Optional;

/**
 * What is published under a name. Immutable.
 *
 * @param oid its number
 * @param name its name
 * @param owner the role that made it
 * @param allTables whether every table is published, those of the future among them
 * @param tables the tables that are published
 * @param schemas the schemas all of whose tables are
 * @param actions which changes are published
 * @param viaRoot {@code publish_via_partition_root}
 */
public record Publication(
        int oid,
        String name,
        String owner,
        boolean allTables,
        List<PublishedTable> tables,
        List<String> schemas,
        Actions actions,
        boolean viaRoot) {
    /** Copies the lists. */
    public Publication {
        tables = List.copyOf(tables);
        schemas = List.copyOf(schemas);
    }

    /**
     * A table that is published by its name.
     *
     * @param table the table
     * @param columns the columns that are, where not all
     * @param filter the condition of the rows that are, where not all
     */
    public record PublishedTable(
            TableId table, Optional<List<String>> columns, Optional<String> filter) {
        /** Copies the list. */
        public PublishedTable {
            columns = columns.map(List::copyOf);
        }
    }

    /**
     * Which changes are published.
     *
     * @param insert INSERT
     * @param update UPDATE
     * @param delete DELETE
     * @param truncate TRUNCATE
     */
    public record Actions(boolean insert, boolean update, boolean delete, boolean truncate) {
        /** All of them. */
        public static final Actions ALL = new Actions(true, true, true, true);
    }

    /**
     * Whether a table is published.
     *
     * @param table the table
     * @return whether it is
     */
    public boolean publishes(TableId table) {
        return allTables || schemas.contains(table.schema()) || member(table).isPresent();
    }

    /**
     * A table that is published by its name.
     *
     * @param table the table
     * @return nothing where it is not, or with all tables or with its schema only
     */
    public Optional<PublishedTable> member(TableId table) {
        return tables.stream().filter(each -> each.table().equals(table)).findFirst();
    }

    Publication renamed(String to) {
        return new Publication(oid, to, owner, allTables, tables, schemas, actions, viaRoot);
    }

    Publication owned(String by) {
        return new Publication(oid, name, by, allTables, tables, schemas, actions, viaRoot);
    }

    Publication with(List<PublishedTable> members, List<String> inSchemas) {
        return new Publication(oid, name, owner, allTables, members, inSchemas, actions, viaRoot);
    }

    Publication with(Actions published, boolean viaPartitionRoot) {
        return new Publication(
                oid, name, owner, allTables, tables, schemas, published, viaPartitionRoot);
    }
}
