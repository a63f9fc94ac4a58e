package io.heliosdb.trigger;

import io.heliosdb.engine.ColumnInfo;
import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.TableInfo;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.BodyNames;
import io.heliosdb.sql.BodyStatement;
import io.heliosdb.sql.BodyTokens;
import io.heliosdb.sql.EmbeddedSql;
import io.heliosdb.sql.FunctionTriggerDefinition;
import io.heliosdb.sql.SqlType;
import io.heliosdb.sql.Token;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Compiles the WHEN condition of a trigger that calls a function. */
final class ConditionCompiler {
    private static final String SELECT = "SELECT ";

    private ConditionCompiler() {}

    /**
     * Compiles a condition.
     *
     * @return null where there is none
     * @throws PgException 42P17 for a row that the trigger does not have, 42703, with the position
     *     in the trigger's source
     */
    static @Nullable RowStatement compile(
            FunctionTriggerDefinition definition,
            TableInfo table,
            EngineSession engine,
            TriggerHost host) {
        if (definition.condition().isEmpty()) {
            return null;
        }
        String text = withRows(definition, definition.condition().get());
        try {
            var bound =
                    EmbeddedSql.parse(SELECT + text, name -> false)
                            .bind(new Rows(table), host.schema());
            var references = bound.variables().stream().map(BodyStatement.Reference.class::cast);
            return RowStatement.prepare(
                    engine,
                    new BodyStatement(bound.sql(), references.toList(), true, false),
                    table.columns().stream().map(ColumnInfo::name).toList());
        } catch (PgException e) {
            int position = e.report().position() - SELECT.length();
            throw position > 0
                    ? e.withPosition(position(definition, position - 1))
                    : e.withPosition(0);
        }
    }

    /** The condition with a row in the place of {@code row.*}, after a look at what it names. */
    private static String withRows(FunctionTriggerDefinition definition, String text) {
        var tokens = BodyTokens.of(text);
        var out = new StringBuilder(text);
        for (int i = tokens.count() - 2; i >= 0; i--) {
            boolean isRow =
                    tokens.kind(i) == Token.WORD
                            && (tokens.text(i).equals("old") || tokens.text(i).equals("new"))
                            && tokens.text(i + 1).equals(".");
            if (!isRow) {
                continue;
            }
            requireRow(definition, tokens.text(i), tokens.start(i));
            if (tokens.text(i + 2).equals("*")) {
                out.delete(tokens.end(i), tokens.end(i + 2));
            }
        }
        return out.toString();
    }

    private static void requireRow(FunctionTriggerDefinition definition, String row, int offset) {
        if (!definition.forEachRow()) {
            throw invalid(
                    definition,
                    offset,
                    "statement trigger's WHEN condition cannot reference column values");
        }
        boolean isOld = row.equals("old");
        String event = isOld ? "INSERT" : "DELETE";
        if (definition.events().contains(event)) {
            throw invalid(
                    definition,
                    offset,
                    event
                            + " trigger's WHEN condition cannot reference "
                            + (isOld ? "OLD" : "NEW")
                            + " values");
        }
    }

    private static PgException invalid(
            FunctionTriggerDefinition definition, int offset, String message) {
        return new PgException(SqlState.INVALID_OBJECT_DEFINITION, message)
                .withPosition(position(definition, offset));
    }

    private static int position(FunctionTriggerDefinition definition, int inCondition) {
        int at = definition.conditionOffset() + inCondition;
        String source = definition.source();
        return source.codePointCount(0, Math.min(at, source.length())) + 1;
    }

    private record Rows(TableInfo table) implements BodyNames {
        @Override
        public @Nullable Meaning find(List<String> path) {
            String row = path.getFirst();
            if (!row.equals("old") && !row.equals("new")) {
                return null;
            }
            boolean isOld = row.equals("old");
            if (path.size() == 1) {
                return new Row(
                        table.columns().stream()
                                .map(column -> new Field(column.name(), value(isOld, column)))
                                .toList());
            }
            return table.column(path.get(1))
                    .map(column -> value(isOld, column))
                    .orElseThrow(() ->
                            new PgException(
                                    SqlState.UNDEFINED_COLUMN,
                                    "column %s.%s does not exist".formatted(row, path.get(1))));
        }

        private static Value value(boolean isOld, ColumnInfo column) {
            SqlType type = SqlType.of(column.oid());
            return new Value(
                    new BodyStatement.Reference(isOld, column.name()),
                    type == null ? SqlType.ofEngine(column.type()) : type);
        }

        @Override
        public Conflict conflict() {
            return Conflict.USE_VARIABLE;
        }
    }
}
