package io.heliosdb.catalog;

import io.heliosdb.engine.Description;
import io.heliosdb.engine.Description.Constraint;
import io.heliosdb.engine.Description.Index;
import io.heliosdb.engine.Description.Relation;
import io.heliosdb.engine.TableId;
import io.heliosdb.pg.Identifier;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The statements that would create an object.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-info.html">PostgreSQL: system catalog
 *     information functions</a>
 */
final class Definitions {
    private Definitions() {}

    static String index(Model model, Model.IndexOf of) {
        return index(model, of, List.of());
    }

    /** The schema is left out where a path leads to the table without it. */
    static String index(Model model, Model.IndexOf of, List<String> path) {
        Index index = of.index();
        Relation table = of.table();
        return (index.isUnique() ? "CREATE UNIQUE INDEX " : "CREATE INDEX ")
                + Identifier.quoteWhereNeeded(index.name())
                + " ON "
                + relation(model, table.oid(), path)
                + " USING btree ("
                + index.keys().stream()
                        .map(key -> key(table, key))
                        .collect(Collectors.joining(", "))
                + ')';
    }

    private static String key(Relation table, Description.Key key) {
        String name = column(table, key.column());
        if (key.isDescending()) {
            return name + " DESC" + (key.isNullsFirst() ? "" : " NULLS LAST");
        }
        return name + (key.isNullsFirst() ? " NULLS FIRST" : "");
    }

    /** A column of an index by its number; empty where it has fewer. */
    static String indexColumn(Model.IndexOf of, int number) {
        var keys = of.index().keys();
        return number < 1 || number > keys.size()
                ? ""
                : column(of.table(), keys.get(number - 1).column());
    }

    static String constraint(
            Model model,
            Relation table,
            Constraint constraint,
            boolean isPretty,
            List<String> path) {
        String columns = columns(table, constraint.columns());
        return switch (constraint.type()) {
            case 'p' -> "PRIMARY KEY (" + columns + ')';
            case 'u' -> "UNIQUE (" + columns + ')';
            case 'f' ->
                    "FOREIGN KEY (" + columns + ") REFERENCES " + target(model, constraint, path);
            default -> {
                var check = constraint.check();
                yield check == null
                        ? ""
                        : "CHECK (" + (isPretty ? check.pretty() : check.full()) + ')';
            }
        };
    }

    private static String target(Model model, Constraint constraint, List<String> path) {
        TableId id = constraint.target();
        Relation target = id == null ? null : model.relation(id);
        if (target == null) {
            return "";
        }
        return relation(model, target.oid(), path)
                + '('
                + columns(target, constraint.targetColumns())
                + ')'
                + action(" ON UPDATE ", constraint.onUpdate())
                + action(" ON DELETE ", constraint.onDelete());
    }

    private static String action(String words, char action) {
        return switch (action) {
            case 'r' -> words + "RESTRICT";
            case 'c' -> words + "CASCADE";
            case 'n' -> words + "SET NULL";
            case 'd' -> words + "SET DEFAULT";
            default -> "";
        };
    }

    static String relation(Model model, int oid, List<String> path) {
        var named = model.named(oid);
        return named == null ? Integer.toUnsignedString(oid) : model.shown(named, path);
    }

    private static String columns(Relation table, List<Integer> numbers) {
        return numbers.stream()
                .map(number -> column(table, number))
                .collect(Collectors.joining(", "));
    }

    private static String column(Relation table, int number) {
        return Identifier.quoteWhereNeeded(table.columns().get(number - 1).name());
    }

    static @Nullable String view(Relation relation) {
        String query = relation.query();
        return query == null ? null : ' ' + ViewText.of(query, relation.id().schema()) + ';';
    }
}
