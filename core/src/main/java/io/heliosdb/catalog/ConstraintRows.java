package io.heliosdb.catalog;

import io.heliosdb.engine.Description.Constraint;
import io.heliosdb.engine.Description.Domain;
import io.heliosdb.engine.Description.Relation;
import io.heliosdb.engine.Description.Sequence;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.type.PgArray;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** pg_constraint, pg_sequence, pg_enum, pg_rewrite, pg_depend and pg_description. */
final class ConstraintRows {
    static final int PG_TYPE = 1247;
    static final int PG_PROC = 1255;
    static final int PG_CLASS = 1259;
    private static final int PG_ATTRDEF = 2604;
    static final int PG_CONSTRAINT = 2606;
    static final int PG_NAMESPACE = 2615;
    private static final int PG_REWRITE = 2618;
    private static final int RULES = 900_000_000;
    private static final int LABELS = 400_000_000;

    private ConstraintRows() {}

    static void constraints(Context context, Rows rows) {
        Model model = context.model();
        for (var each : model.constraints()) {
            constraint(rows, model, each.table(), each.constraint());
        }
        for (Domain domain : model.description().domains()) {
            for (var check : domain.checks()) {
                rows.add(
                        with(
                                "oid",
                                check.oid(),
                                "conname",
                                check.name(),
                                "connamespace",
                                model.namespaceOf(domain.schema()),
                                "contype",
                                "c",
                                "conrelid",
                                0,
                                "contypid",
                                domain.oid(),
                                "conindid",
                                0,
                                "confrelid",
                                0,
                                "confupdtype",
                                " ",
                                "confdeltype",
                                " ",
                                "confmatchtype",
                                " ",
                                "connoinherit",
                                false,
                                "conbin",
                                check.check().full()));
            }
        }
    }

    private static void constraint(Rows rows, Model model, Relation table, Constraint constraint) {
        var target = constraint.target();
        Relation targetTable = target == null ? null : model.relation(target);
        var check = constraint.check();
        boolean isKey = constraint.type() == 'f';
        rows.add(
                with(
                        "oid",
                        constraint.oid(),
                        "conname",
                        constraint.name(),
                        "connamespace",
                        model.namespaceOf(table),
                        "contype",
                        String.valueOf(constraint.type()),
                        "conrelid",
                        table.oid(),
                        "contypid",
                        0,
                        "conindid",
                        constraint.index(),
                        "confrelid",
                        targetTable == null ? 0 : targetTable.oid(),
                        "confupdtype",
                        String.valueOf(constraint.onUpdate()),
                        "confdeltype",
                        String.valueOf(constraint.onDelete()),
                        "confmatchtype",
                        isKey ? "s" : " ",
                        "connoinherit",
                        constraint.type() != 'c',
                        "conkey",
                        numbers(constraint.columns()),
                        "confkey",
                        isKey ? numbers(constraint.targetColumns()) : null,
                        "conbin",
                        check == null ? null : check.full()));
    }

    private static @Nullable Object[] with(@Nullable Object... own) {
        var common =
                new Object[] {
                    "condeferrable", false,
                    "condeferred", false,
                    "convalidated", true,
                    "conparentid", 0,
                    "conislocal", true,
                    "coninhcount", 0
                };
        var all = new @Nullable Object[common.length + own.length];
        System.arraycopy(common, 0, all, 0, common.length);
        System.arraycopy(own, 0, all, common.length, own.length);
        return all;
    }

    private static PgArray numbers(List<Integer> columns) {
        return ClassRows.numbers(
                Oid.INT2, columns.stream().map(each -> (Object) each.shortValue()).toList());
    }

    static void sequences(Context context, Rows rows) {
        for (Sequence sequence : context.model().description().sequences()) {
            rows.add(
                    "seqrelid",
                    sequence.oid(),
                    "seqtypid",
                    sequence.typeOid(),
                    "seqstart",
                    sequence.start(),
                    "seqincrement",
                    sequence.increment(),
                    "seqmax",
                    sequence.max(),
                    "seqmin",
                    sequence.min(),
                    "seqcache",
                    1L,
                    "seqcycle",
                    sequence.isCycle());
        }
    }

    static void labels(Context context, Rows rows) {
        for (Domain domain : context.model().description().domains()) {
            int order = 0;
            for (String label : domain.labels()) {
                order++;
                rows.add(
                        "oid",
                        LABELS + domain.oid() * 100 % LABELS + order,
                        "enumtypid",
                        domain.oid(),
                        "enumsortorder",
                        (float) order,
                        "enumlabel",
                        label);
            }
        }
    }

    static void rules(Context context, Rows rows) {
        for (Relation relation : context.model().description().relations()) {
            if (relation.kind() != io.heliosdb.engine.Description.Kind.TABLE) {
                rows.add(
                        "oid",
                        RULES + relation.oid(),
                        "rulename",
                        "_RETURN",
                        "ev_class",
                        relation.oid(),
                        "ev_type",
                        "1",
                        "ev_enabled",
                        "O",
                        "is_instead",
                        true,
                        "ev_qual",
                        "<>",
                        "ev_action",
                        "<>");
            }
        }
    }

    /** What goes when something else goes; clients find the sequences of columns here. */
    static void depends(Context context, Rows rows) {
        Model model = context.model();
        for (Sequence sequence : model.description().sequences()) {
            if (sequence.table() != 0) {
                depend(
                        rows,
                        PG_CLASS,
                        sequence.oid(),
                        0,
                        PG_CLASS,
                        sequence.table(),
                        sequence.column(),
                        sequence.isInternal() ? "i" : "a");
            }
        }
        for (var each : model.constraints()) {
            for (int column : each.constraint().columns()) {
                depend(
                        rows,
                        PG_CONSTRAINT,
                        each.constraint().oid(),
                        0,
                        PG_CLASS,
                        each.table().oid(),
                        column,
                        "a");
            }
            boolean hasIndex = each.constraint().type() == 'p' || each.constraint().type() == 'u';
            if (hasIndex && each.constraint().index() != 0) {
                depend(
                        rows,
                        PG_CLASS,
                        each.constraint().index(),
                        0,
                        PG_CONSTRAINT,
                        each.constraint().oid(),
                        0,
                        "i");
            }
        }
        for (Relation relation : model.description().relations()) {
            depend(
                    rows,
                    PG_TYPE,
                    Types.rowType(relation.oid()),
                    0,
                    PG_CLASS,
                    relation.oid(),
                    0,
                    "i");
            depend(
                    rows,
                    PG_CLASS,
                    relation.oid(),
                    0,
                    PG_NAMESPACE,
                    model.namespaceOf(relation),
                    0,
                    "n");
            int number = 0;
            for (var column : relation.columns()) {
                number++;
                if (ClassRows.hasDefault(column)) {
                    long oid = ClassRows.defaultOid(relation, number);
                    depend(rows, PG_ATTRDEF, oid, 0, PG_CLASS, relation.oid(), number, "a");
                }
            }
            if (relation.kind() != io.heliosdb.engine.Description.Kind.TABLE) {
                depend(
                        rows,
                        PG_REWRITE,
                        RULES + relation.oid(),
                        0,
                        PG_CLASS,
                        relation.oid(),
                        0,
                        "i");
            }
        }
    }

    private static void depend(
            Rows rows,
            int catalog,
            long object,
            int part,
            int onCatalog,
            int onObject,
            int onPart,
            String type) {
        rows.add(
                "classid",
                catalog,
                "objid",
                object,
                "objsubid",
                part,
                "refclassid",
                onCatalog,
                "refobjid",
                onObject,
                "refobjsubid",
                onPart,
                "deptype",
                type);
    }

    /** Comments; those of PostgreSQL's own objects are there from the start. */
    static void descriptions(Context context, Rows rows) {
        var description = context.model().description();
        for (var each : description.namespaces()) {
            boolean isPublic = each.oid() == Model.PUBLIC && each.comment() == null;
            if (!isPublic) {
                comment(rows, PG_NAMESPACE, each.oid(), 0, each.comment());
            }
        }
        for (Relation relation : description.relations()) {
            comment(rows, PG_CLASS, relation.oid(), 0, relation.comment());
            int number = 0;
            for (var column : relation.columns()) {
                comment(rows, PG_CLASS, relation.oid(), ++number, column.comment());
            }
            for (var index : relation.indexes()) {
                comment(rows, PG_CLASS, index.oid(), 0, index.comment());
            }
            for (var constraint : relation.constraints()) {
                comment(rows, PG_CONSTRAINT, constraint.oid(), 0, constraint.comment());
            }
        }
        for (var sequence : description.sequences()) {
            comment(rows, PG_CLASS, sequence.oid(), 0, sequence.comment());
        }
        for (var domain : description.domains()) {
            comment(rows, PG_TYPE, domain.oid(), 0, domain.comment());
        }
    }

    private static void comment(
            Rows rows, int catalog, int object, int part, @Nullable String text) {
        if (text != null) {
            rows.add("objoid", object, "classoid", catalog, "objsubid", part, "description", text);
        }
    }
}
