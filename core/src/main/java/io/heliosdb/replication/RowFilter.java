package io.heliosdb.replication;

import io.heliosdb.engine.EngineExpression;
import io.heliosdb.engine.EnginePlan;
import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.TableShape;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.sql.BodyNames;
import io.heliosdb.sql.EmbeddedSql;
import io.heliosdb.sql.SchemaLookup;
import io.heliosdb.sql.SqlType;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The condition of the rows that a publication has of a table, compiled for one shape of it.
 * Confined to the thread that uses its session.
 */
final class RowFilter implements AutoCloseable {
    private static final String SELECT = "SELECT ";

    private final EnginePlan plan;
    private final EngineExpression expression;

    /** For each parameter the column that it takes its value from. */
    private final int[] places;

    private RowFilter(EnginePlan plan, EngineExpression expression, int[] places) {
        this.plan = plan;
        this.expression = expression;
        this.places = places;
    }

    /**
     * Compiles a condition.
     *
     * @throws PgException 42703 for a column that is not there, 42804 where it is not Boolean,
     *     0A000 where it reads a table; the position counts in the condition
     */
    static RowFilter compile(String condition, TableShape table, EngineSession engine) {
        try {
            var bound =
                    EmbeddedSql.parse(SELECT + condition, name -> false)
                            .bind(new Columns(table), SchemaLookup.EMPTY);
            int[] places = bound.variables().stream().mapToInt(Integer.class::cast).toArray();
            var plan = engine.prepare(bound.sql());
            return of(plan, places);
        } catch (PgException e) {
            int position = e.report().position() - SELECT.length();
            throw e.withPosition(Math.max(position, 0));
        }
    }

    /** The columns that a condition looks at. */
    static Set<String> columns(String condition, TableShape table) {
        return EmbeddedSql.parse(SELECT + condition, name -> false)
                .bind(new Columns(table), SchemaLookup.EMPTY)
                .variables()
                .stream()
                .map(place -> table.columns().get((Integer) place).name())
                .collect(Collectors.toSet());
    }

    private static RowFilter of(EnginePlan plan, int[] places) {
        boolean isGood = false;
        try {
            var expression = plan.expression();
            if (expression == null) {
                throw new PgException(
                                SqlState.FEATURE_NOT_SUPPORTED,
                                "invalid publication WHERE expression")
                        .withDetail(
                                "Only columns, constants, built-in operators, built-in data types,"
                                        + " built-in collations, and immutable built-in functions"
                                        + " are allowed.")
                        .withPosition(SELECT.length() + 1);
            }
            int type = plan.columns().getFirst().typeOid();
            if (type != Oid.BOOL) {
                throw new PgException(
                                SqlState.DATATYPE_MISMATCH,
                                "argument of PUBLICATION WHERE must be type boolean, not type "
                                        + PgType.of(type).displayName())
                        .withPosition(SELECT.length() + 1);
            }
            isGood = true;
            return new RowFilter(plan, expression, places);
        } finally {
            if (!isGood) {
                plan.close();
            }
        }
    }

    /** Whether a row is published; NULL is no. */
    boolean isTrue(@Nullable Object[] row) {
        var values = new @Nullable Object[places.length];
        for (int i = 0; i < places.length; i++) {
            values[i] = row[places[i]];
        }
        return Boolean.TRUE.equals(expression.value(values));
    }

    @Override
    public void close() {
        plan.close();
    }

    private record Columns(TableShape table) implements BodyNames {
        @Override
        public @Nullable Meaning find(List<String> path) {
            boolean isQualified = path.size() == 2 && path.getFirst().equals(table.id().name());
            if (path.size() != 1 && !isQualified) {
                return null;
            }
            for (int i = 0; i < table.columns().size(); i++) {
                var column = table.columns().get(i);
                if (column.name().equals(path.getLast())) {
                    SqlType type = SqlType.of(column.oid());
                    return new Value(i, type == null ? SqlType.ofEngine("VARCHAR") : type);
                }
            }
            if (path.size() == 1) {
                throw new PgException(
                        SqlState.UNDEFINED_COLUMN,
                        "column \"" + path.getFirst() + "\" does not exist");
            }
            return null;
        }

        @Override
        public Conflict conflict() {
            return Conflict.USE_VARIABLE;
        }
    }
}
