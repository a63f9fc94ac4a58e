package io.heliosdb.engine;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.Oid;

import org.h2.command.query.Query;
import org.h2.command.query.Select;
import org.h2.engine.Database;
import org.h2.expression.Alias;
import org.h2.expression.Expression;
import org.h2.expression.ExpressionColumn;
import org.h2.expression.function.CastSpecification;
import org.h2.expression.function.JavaFunction;
import org.h2.expression.function.NamedExpression;
import org.h2.table.QueryExpressionTable;
import org.h2.table.Table;
import org.h2.value.TypeInfo;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a query returns, in PostgreSQL's words. */
final class QueryShape {
    private static final String NO_NAME = "?column?";
    private static final String PREFIX = "helios_";
    private static final Pattern DELTA_TABLE =
            Pattern.compile("\\b(?:final|old|new)\\s+table\\s*\\(", Pattern.CASE_INSENSITIVE);

    private static final Pattern CHANGED_TABLE =
            Pattern.compile(
                    "\\b(?:insert\\s+into|update|merge\\s+into)\\s+(?:\\w+\\.)?\"?(\\w+)",
                    Pattern.CASE_INSENSITIVE);

    private QueryShape() {}

    static List<Column> columns(Query query) {
        var expressions = query.getExpressions();
        int count = query.getColumnCount();
        var columns = new ArrayList<Column>(count);
        for (int i = 0; i < count; i++) {
            columns.add(column(expressions.get(i), query.getSession().getDatabase()));
        }
        return List.copyOf(columns);
    }

    /** Whether a query changes or locks rows. */
    static boolean writes(Query query, String sql) {
        return query.getForUpdate() != null || DELTA_TABLE.matcher(sql).find();
    }

    /** The table that a query around a change of rows changes. */
    static @Nullable String changedTable(String sql) {
        var match = CHANGED_TABLE.matcher(sql);
        return match.find() ? match.group(1) : null;
    }

    private static Column column(Expression expression, Database database) {
        Expression bare = expression.getNonAliasExpression();
        String name = name(expression, bare);
        TypeInfo type = expression.getType();
        if (bare instanceof ExpressionColumn reference) {
            return tableColumn(name, type, reference, database);
        }
        if (bare instanceof JavaFunction function) {
            SqlFunction ours = Functions.named(function.getName());
            int oid = ours == null ? routineOid(function.getName()) : ours.resultOid();
            return new Column(name, oid == Oid.UNSPECIFIED ? Types.computedOid(type) : oid);
        }
        if (bare instanceof CastSpecification) {
            int enumeration = Enumerations.oid(database, type);
            int oid = enumeration == Oid.UNSPECIFIED ? Types.oid(type) : enumeration;
            return new Column(name, oid, Types.modifier(type), 0, 0);
        }
        return new Column(name, computedOid(database, type));
    }

    private static int computedOid(Database database, TypeInfo type) {
        int enumeration = Enumerations.oid(database, type);
        return enumeration == Oid.UNSPECIFIED ? Types.computedOid(type) : enumeration;
    }

    private static int routineOid(String function) {
        return function.startsWith("helios_call_")
                ? Functions.resultOid(function)
                : Oid.UNSPECIFIED;
    }

    private static Column tableColumn(
            String name, TypeInfo type, ExpressionColumn reference, Database database) {
        var column = reference.getColumn();
        if (column != null && column.getTable() instanceof CatalogTable view) {
            CatalogRelation relation = view.relation();
            if (column.getColumnId() == relation.columns().size()) {
                return new Column(name, Oid.OID);
            }
            var attribute = relation.columns().get(column.getColumnId());
            return new Column(
                    name,
                    attribute.typeOid(),
                    attribute.typeModifier(),
                    relation.oid(),
                    column.getColumnId() + 1);
        }
        if (column != null && column.getTable() instanceof QueryExpressionTable derived) {
            return derivedColumn(name, type, derived, column.getColumnId(), database);
        }
        Table changed = column == null ? null : StoreAccess.changedTable(column.getTable());
        if (changed instanceof HookedTable) {
            return new Column(
                    name,
                    Schema.oid(changed.getColumn(column.getColumnId())),
                    Types.modifier(type),
                    Schema.tableOid(changed),
                    column.getColumnId() + 1);
        }
        if (column == null
                || column.getTable() == null
                || !(column.getTable() instanceof HookedTable)) {
            return new Column(name, computedOid(database, type));
        }
        return new Column(
                name,
                Schema.oid(column),
                Types.modifier(type),
                Schema.tableOid(column.getTable()),
                column.getColumnId() + 1);
    }

    /** A column of a subquery has the type of what it selects there. */
    private static Column derivedColumn(
            String name,
            TypeInfo type,
            QueryExpressionTable derived,
            int index,
            Database database) {
        // The columns of a union refer to the table that it makes.
        Query inner = derived.getQuery() instanceof Select select ? select : null;
        if (inner == null || index >= inner.getExpressions().size()) {
            return new Column(name, computedOid(database, type));
        }
        Column selected = column(inner.getExpressions().get(index), database);
        return new Column(
                name,
                selected.typeOid(),
                selected.typeModifier(),
                selected.tableOid(),
                selected.attribute());
    }

    private static String name(Expression expression, Expression bare) {
        if (expression instanceof Alias alias) {
            return alias.getAlias(null, 0);
        }
        if (bare instanceof ExpressionColumn reference) {
            return reference.getAlias(null, 0);
        }
        if (bare instanceof CastSpecification cast) {
            Expression inner = cast.getSubexpression(0);
            return inner instanceof ExpressionColumn ? name(inner, inner) : NO_NAME;
        }
        if (bare instanceof NamedExpression named) {
            String function = named.getName().toLowerCase(Locale.ROOT);
            return function.startsWith(PREFIX) ? function.substring(PREFIX.length()) : function;
        }
        return NO_NAME;
    }
}
