package io.heliosdb.sql;

import java.util.List;
import java.util.Optional;

/**
 * A statement that says which changes are published, and what of an old row is. Immutable.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-createpublication.html">PostgreSQL: CREATE
 *     PUBLICATION</a>
 */
public sealed interface PublicationStatement extends Statement {
    /**
     * Its command tag.
     *
     * @return such as {@code CREATE PUBLICATION}
     */
    default String tag() {
        return switch (this) {
            case Create _ -> "CREATE PUBLICATION";
            case Alter _ -> "ALTER PUBLICATION";
            case Drop _ -> "DROP PUBLICATION";
            case ReplicaIdentity _ -> "ALTER TABLE";
        };
    }

    /**
     * CREATE PUBLICATION.
     *
     * @param source as written
     * @param offset where it starts
     * @param name its name
     * @param allTables FOR ALL TABLES
     * @param objects what it publishes otherwise; may be empty
     * @param options what stands in WITH
     */
    record Create(
            String source,
            int offset,
            String name,
            boolean allTables,
            List<PublicationObject> objects,
            List<Option> options)
            implements PublicationStatement {
        /** Copies the lists. */
        public Create {
            objects = List.copyOf(objects);
            options = List.copyOf(options);
        }
    }

    /**
     * ALTER PUBLICATION.
     *
     * @param source as written
     * @param offset where it starts
     * @param name its name
     * @param change what is to be different
     */
    record Alter(String source, int offset, String name, Change change)
            implements PublicationStatement {}

    /**
     * DROP PUBLICATION.
     *
     * @param source as written
     * @param offset where it starts
     * @param ifExists whether one that is not there is left out
     * @param names their names
     */
    record Drop(String source, int offset, boolean ifExists, List<String> names)
            implements PublicationStatement {
        /** Copies the list. */
        public Drop {
            names = List.copyOf(names);
        }
    }

    /**
     * ALTER TABLE … REPLICA IDENTITY.
     *
     * @param source as written
     * @param offset where it starts
     * @param ifExists whether a table that is not there is left alone
     * @param table the table
     * @param kind d for DEFAULT, f for FULL, n for NOTHING, i for USING INDEX
     * @param index the index of USING INDEX
     */
    record ReplicaIdentity(
            String source,
            int offset,
            boolean ifExists,
            TableName table,
            char kind,
            Optional<String> index)
            implements PublicationStatement {}

    /** What ALTER PUBLICATION changes. */
    sealed interface Change {}

    /**
     * ADD, SET or DROP of what is published.
     *
     * @param action add, set or drop
     * @param objects tables and schemas
     */
    record Objects(String action, List<PublicationObject> objects) implements Change {
        /** Copies the list. */
        public Objects {
            objects = List.copyOf(objects);
        }
    }

    /**
     * SET of options.
     *
     * @param options those given
     */
    record Options(List<Option> options) implements Change {
        /** Copies the list. */
        public Options {
            options = List.copyOf(options);
        }
    }

    /**
     * RENAME TO.
     *
     * @param name the new name
     */
    record Rename(String name) implements Change {}

    /**
     * OWNER TO.
     *
     * @param role the new owner
     */
    record Owner(String role) implements Change {}

    /**
     * A part of what is published.
     *
     * @see <a href="https://www.postgresql.org/docs/15/sql-createpublication.html">PostgreSQL:
     *     publication_object</a>
     */
    sealed interface PublicationObject {}

    /**
     * TABLE.
     *
     * @param name the table
     * @param columns those of the column list, where there is one
     * @param filter the expression of WHERE
     * @param filterOffset where it starts in the string of statements; -1 where there is none
     */
    record Table(
            TableName name,
            Optional<List<String>> columns,
            Optional<String> filter,
            int filterOffset)
            implements PublicationObject {
        /** Copies the list. */
        public Table {
            columns = columns.map(List::copyOf);
        }
    }

    /**
     * TABLES IN SCHEMA.
     *
     * @param name the schema; nothing for CURRENT_SCHEMA
     */
    record Schema(Optional<String> name) implements PublicationObject {}

    /**
     * An option in WITH or SET.
     *
     * @param name its name
     * @param value what it is set to; nothing where it stands alone
     */
    record Option(String name, Optional<String> value) {}
}
