package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.util.Optional;

/**
 * Reads the names of relations. Those that only the session sees are in a schema of their own,
 * which the engine is told wherever one is meant.
 *
 * @see <a href="https://www.postgresql.org/docs/15/ddl-schemas.html">PostgreSQL: schemas</a>
 */
final class RelationNames {
    /** The schemas of other sessions are called so, too. */
    private static final String TEMPORARY_PREFIX = "pg_temp_";

    private static final SqlState INVALID_TABLE_DEFINITION = new SqlState("42P16");

    private final Grammar grammar;
    private final Cursor cursor;
    private final Edits edits;

    RelationNames(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.edits = grammar.edits;
    }

    /**
     * A relation that is to be made.
     *
     * @param name its name, with the schema where it is temporary
     * @param sql its name for the engine
     * @param isTemporary whether only the session sees it
     */
    record NewRelation(TableName name, String sql, boolean isTemporary) {}

    /** A name of a relation, type or domain; a temporary relation is not looked for. */
    TableName plain() {
        int from = cursor.at;
        TableName name = cursor.tableName();
        for (int i = from; i < cursor.at; i += 2) {
            grammar.terms.name(i);
        }
        if (cursor.at - from > 3) {
            edits.remove(from, from + 2);
        }
        name.schema().ifPresent(schema -> grammar.from.requireSchema(from, schema));
        return name;
    }

    /** The name of a relation that is there already. */
    TableName existing() {
        int from = cursor.at;
        TableName name = plain();
        Optional<String> temporary = grammar.schema.temporary(name);
        if (temporary.isPresent()) {
            place(from, name, temporary.get());
        } else if (hidesBehindTemporary(name)) {
            throw missing(from, name);
        }
        return name;
    }

    /** Refuses a name in the session's own schema that means nothing there. */
    void requireThere(int from, TableName name) {
        boolean isMissing =
                !grammar.schema.equals(SchemaLookup.EMPTY)
                        && name.schema().filter(SchemaLookup.TEMPORARY_ALIAS::equals).isPresent()
                        && !isTemporary(name);
        if (isMissing) {
            throw missing(from, name);
        }
    }

    private PgException missing(int from, TableName name) {
        return grammar.tokens.error(
                from, SqlState.UNDEFINED_TABLE, "relation \"" + name + "\" does not exist");
    }

    /** The relation in the name of a column that has been read. */
    void ofColumn(int from) {
        int column = cursor.at - 1;
        String relation = grammar.tokens.texts[column - 2];
        boolean isBare = column - 2 == from;
        var schema =
                isBare ? Optional.<String>empty() : Optional.of(grammar.tokens.texts[column - 4]);
        var name = new TableName(schema, relation);
        grammar.schema
                .temporary(name)
                .ifPresent(own -> {
                    if (isBare) {
                        edits.before(from, Identifier.quote(own) + '.');
                    } else {
                        edits.replace(column - 4, Identifier.quote(own));
                    }
                });
    }

    /** Whether the engine would take a temporary relation for one of another schema. */
    private boolean hidesBehindTemporary(TableName name) {
        return name.schema().isPresent()
                && isTemporary(new TableName(Optional.empty(), name.name()))
                && grammar.schema.table(name).isEmpty();
    }

    private void place(int from, TableName name, String schema) {
        if (name.schema().isPresent()) {
            edits.replace(cursor.at - 3, Identifier.quote(schema));
        } else {
            edits.before(from, Identifier.quote(schema) + '.');
        }
    }

    /** Whether a name is that of a temporary relation. */
    boolean isTemporary(TableName name) {
        return grammar.schema.temporary(name).isPresent();
    }

    /** The name of a relation that is made: temporary where it says so, or where its schema is. */
    NewRelation made(boolean saysTemporary) {
        int from = cursor.at;
        TableName name = plain();
        String schema = name.schema().orElse("");
        boolean isOwn =
                schema.equals(SchemaLookup.TEMPORARY_ALIAS)
                        || (schema.startsWith(TEMPORARY_PREFIX)
                                && schema.equals(grammar.schema.temporarySchema()));
        if (!isOwn && schema.startsWith(TEMPORARY_PREFIX)) {
            throw grammar.tokens.error(
                    from,
                    INVALID_TABLE_DEFINITION,
                    "cannot create relations in temporary schemas of other sessions");
        }
        if (saysTemporary && !isOwn && !schema.isEmpty()) {
            throw grammar.tokens.error(
                    from,
                    INVALID_TABLE_DEFINITION,
                    "cannot create temporary relation in non-temporary schema");
        }
        return saysTemporary || isOwn
                ? temporary(name.name())
                : new NewRelation(name, edits.render(from, cursor.at), false);
    }

    /** A relation of the session's own. */
    NewRelation temporary(String name) {
        String own = grammar.schema.temporarySchema();
        return new NewRelation(
                new TableName(Optional.of(own), name),
                Identifier.quote(own) + '.' + Identifier.quote(name),
                true);
    }

    /**
     * The table that a foreign key refers to, as the engine names it: one that lasts as long as the
     * table that refers.
     *
     * @param table the table that refers, which may not be there yet
     */
    String referenced(String table, boolean isTemporary) {
        int from = cursor.at;
        TableName name = existing();
        boolean isItself = isTemporary && name.schema().isEmpty() && name.name().equals(table);
        if (isItself) {
            return temporary(table).sql();
        }
        if (isTemporary != isTemporary(name)) {
            String kind = isTemporary ? "temporary" : "permanent";
            throw new PgException(
                    INVALID_TABLE_DEFINITION,
                    "constraints on %s tables may reference only %s tables".formatted(kind, kind));
        }
        return edits.render(from, cursor.at);
    }
}
