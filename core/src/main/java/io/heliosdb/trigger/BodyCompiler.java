package io.heliosdb.trigger;

import io.heliosdb.engine.ColumnInfo;
import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.TableInfo;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Rewriter;
import io.heliosdb.sql.TableMetadata;
import io.heliosdb.sql.TableName;
import io.heliosdb.sql.TriggerDefinition;
import io.heliosdb.sql.TriggerDefinition.BodyText;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compiles the texts of one trigger; closes what it made unless all of it is kept. */
final class BodyCompiler implements AutoCloseable {
    private static final Rewriter REWRITER = new Rewriter();

    private final TriggerDefinition definition;
    private final EngineSession engine;
    private final TriggerHost host;
    private final TableMetadata table;
    private final List<String> columns;
    private final List<RowStatement> made = new ArrayList<>();

    BodyCompiler(
            TriggerDefinition definition, TableInfo table, EngineSession engine, TriggerHost host) {
        this.definition = definition;
        this.engine = engine;
        this.host = host;
        this.columns = table.columns().stream().map(ColumnInfo::name).toList();
        this.table = metadata(table, host);
    }

    private static TableMetadata metadata(TableInfo table, TriggerHost host) {
        var name = new TableName(Optional.of(table.id().schema()), table.id().name());
        return host.schema()
                .table(name)
                .orElseThrow(() ->
                        new PgException(
                                SqlState.UNDEFINED_TABLE,
                                "relation \"%s\" does not exist".formatted(name)));
    }

    RowStatement compile(BodyText text) {
        var bound = REWRITER.bind(definition, text, table, host.schema());
        try {
            var statement = RowStatement.prepare(engine, bound, columns);
            made.add(statement);
            return statement;
        } catch (PgException e) {
            throw e.withPosition(position(e.report().position(), bound.sql(), text));
        }
    }

    /**
     * Where an error of the engine is in the trigger's source. The engine saw a rewritten text, so
     * the word it points at is looked for in the text that was written.
     *
     * @return in characters from 1; that of the statement where the word is not in it
     */
    private int position(int inEngine, String sql, BodyText text) {
        int start = text.offset();
        if (inEngine > 0 && inEngine <= sql.length()) {
            int end = inEngine - 1;
            while (end < sql.length() && Character.isJavaIdentifierPart(sql.charAt(end))) {
                end++;
            }
            String word = sql.substring(inEngine - 1, Math.max(end, inEngine));
            start += Math.max(0, text.text().indexOf(word));
        }
        return definition.source().codePointCount(0, start) + 1;
    }

    /** All of it has compiled: it belongs to the caller. */
    void keep() {
        made.clear();
    }

    @Override
    public void close() {
        made.forEach(RowStatement::close);
    }
}
