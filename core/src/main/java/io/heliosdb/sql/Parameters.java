package io.heliosdb.sql;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Expression.Form;
import io.heliosdb.sql.Facts.Place;
import io.heliosdb.sql.Facts.Site;

import java.util.ArrayList;
import java.util.List;

/** The parameters of a statement: their types, and the casts that tell the engine. */
final class Parameters {
    private final SyntaxTree tree;
    private final int[] oids;
    private final SchemaLookup schema;

    Parameters(SyntaxTree tree, int[] given, SchemaLookup schema) {
        this.tree = tree;
        this.schema = schema;
        int count = given.length;
        for (Site site : tree.facts.sites) {
            count = Math.max(count, site.number());
        }
        this.oids = new int[count];
        System.arraycopy(given, 0, oids, 0, given.length);
        var used = new boolean[count];
        for (Site site : tree.facts.sites) {
            used[site.number() - 1] = true;
        }
        for (int i = 0; i < count; i++) {
            if (oids[i] == 0) {
                oids[i] = tree.facts.castOids.getOrDefault(i + 1, 0);
            }
            if (!used[i] && oids[i] == 0) {
                throw new PgException(
                        SqlState.INDETERMINATE_DATATYPE,
                        "could not determine data type of parameter $" + (i + 1));
            }
        }
        infer();
        for (Site site : tree.facts.sites) {
            if (site.place() == Place.ITEM && oids[site.number() - 1] == 0) {
                oids[site.number() - 1] = Oid.TEXT;
            }
            if (site.place() == Place.LIMIT && oids[site.number() - 1] == 0) {
                oids[site.number() - 1] = Oid.INT8;
            }
        }
    }

    /** What stands beside a parameter, or the column it is put into, gives it its type. */
    private void infer() {
        for (Facts.Typing typing : tree.facts.typings) {
            int index = typing.number() - 1;
            if (oids[index] == 0) {
                int oid = operandOid(typing.other());
                oids[index] = typing.isArray() ? SqlType.arrayOid(oid) : oid;
            }
        }
        for (Facts.Assigned assigned : tree.facts.assigned) {
            int index = tree.facts.number(assigned.value().from()) - 1;
            if (oids[index] == 0) {
                oids[index] = assignedOid(assigned);
            }
        }
    }

    private int operandOid(Expression expression) {
        int oid = 0;
        SqlType type = expression.type();
        if (type != null) {
            oid = type.oid();
        } else if (expression.is(Form.COLUMN)) {
            oid = columnOid(expression);
        }
        // There are no operators of varchar: it is compared as text.
        return oid == Oid.VARCHAR || oid == Oid.NAME ? Oid.TEXT : oid;
    }

    private int columnOid(Expression expression) {
        int last = expression.to() - 1;
        if (tree.tokens.kinds[last] != Token.WORD && tree.tokens.kinds[last] != Token.QUOTED_NAME) {
            return 0;
        }
        String column = tree.tokens.texts[last];
        String qualifier = last > expression.from() ? tree.tokens.texts[last - 2] : "";
        for (Facts.Relation relation : tree.facts.relations) {
            if (qualifier.isEmpty() || qualifier.equals(relation.alias())) {
                var found = schema.table(relation.table()).flatMap(table -> table.column(column));
                if (found.isPresent()) {
                    return found.get().oid();
                }
            }
        }
        return 0;
    }

    private int assignedOid(Facts.Assigned assigned) {
        var table = schema.table(assigned.table());
        if (table.isEmpty()) {
            return 0;
        }
        if (!assigned.column().isEmpty()) {
            return table.get().column(assigned.column()).map(TableMetadata.Column::oid).orElse(0);
        }
        var columns = table.get().columns();
        return assigned.index() < columns.size() ? columns.get(assigned.index()).oid() : 0;
    }

    void apply(Edits edits) {
        for (Site site : tree.facts.sites) {
            SqlType type = SqlType.of(oids[site.number() - 1]);
            if (type != null && isTyped(site, type) && !edits.isRemoved(site.token())) {
                // In the token's place, so that what copies the expression copies the cast.
                edits.replace(site.token(), typed(site, type));
            }
        }
    }

    /** Whether the engine has to be told the type of a parameter where it stands. */
    private static boolean isTyped(Site site, SqlType type) {
        return switch (site.place()) {
            case EXPRESSION, ITEM -> true;
            case TEXT -> !Casts.isText(type);
            case COLUMN, COMPARISON, LIMIT, CAST -> false;
        };
    }

    private static String typed(Site site, SqlType type) {
        String cast = Casts.opening(type) + '?' + site.number() + Casts.closing(type);
        return site.place() == Place.TEXT ? "helios_text(" + cast + ')' : cast;
    }

    int count() {
        return oids.length;
    }

    List<Integer> oids() {
        var list = new ArrayList<Integer>(oids.length);
        for (int oid : oids) {
            list.add(oid);
        }
        return List.copyOf(list);
    }

    int itemOid(int token) {
        return oids[tree.facts.number(token) - 1];
    }
}
