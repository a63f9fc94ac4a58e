package io.heliosdb.engine;

import io.heliosdb.engine.Description.Attribute;
import io.heliosdb.engine.Description.Formula;
import io.heliosdb.engine.Description.Identity;
import io.heliosdb.engine.Description.Kind;
import io.heliosdb.engine.Description.Namespace;
import io.heliosdb.engine.Description.Relation;

import org.h2.constraint.ConstraintActionType;
import org.h2.constraint.ConstraintReferential;
import org.h2.constraint.ConstraintUnique;
import org.h2.engine.Database;
import org.h2.engine.SessionLocal;
import org.h2.index.IndexType;
import org.h2.result.SortOrder;
import org.h2.schema.Domain;
import org.h2.schema.Schema;
import org.h2.schema.Sequence;
import org.h2.table.Column;
import org.h2.table.IndexColumn;
import org.h2.table.MaterializedView;
import org.h2.table.Table;
import org.h2.table.TableType;
import org.h2.table.TableView;
import org.h2.value.TypeInfo;
import org.h2.value.Value;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a {@link Description} from the store. Used once, by one thread. */
final class DescriptionReader {
    /** Their objects are the store's or the program's own. */
    private static final Set<String> HIDDEN =
            Set.of(Engine.SYSTEM_SCHEMA, Engine.CATALOG_SCHEMA, Engine.INFORMATION_SCHEMA);

    private record Owner(Table table, int column, boolean isInternal) {}

    private final Database database;
    private final SessionLocal session;
    private final TemporaryObjects temporary;
    private final List<Namespace> namespaces = new ArrayList<>();
    private final List<Relation> relations = new ArrayList<>();
    private final List<Description.Sequence> sequences = new ArrayList<>();
    private final List<Description.Domain> domains = new ArrayList<>();
    private final Map<Sequence, Owner> owners = new HashMap<>();

    DescriptionReader(Database database, EngineSession session) {
        this.database = database;
        this.session = session.local();
        temporary = session.temporary();
    }

    Description read() {
        for (Schema schema : database.getAllSchemasNoMeta()) {
            if (!HIDDEN.contains(schema.getName()) && !schema.isTemporary()) {
                namespaces.add(
                        new Namespace(Oids.of(schema), schema.getName(), schema.getComment()));
                for (Table table : schema.getAllTablesAndViews(null)) {
                    relation(table);
                }
                schema.getAllDomains().forEach(this::domain);
            }
        }
        for (Table table : session.getLocalTempTables()) {
            relation(table);
        }
        for (Schema schema : database.getAllSchemasNoMeta()) {
            boolean isSeen = !schema.isTemporary() || temporary.isSchema(schema.getName());
            if (isSeen && !HIDDEN.contains(schema.getName())) {
                schema.getAllSequences().forEach(this::sequence);
            }
        }
        relations.sort(Comparator.comparingInt(Relation::oid));
        sequences.sort(Comparator.comparingInt(Description.Sequence::oid));
        domains.sort(Comparator.comparingInt(Description.Domain::oid));
        return new Description(
                temporary.schemaName(),
                List.copyOf(namespaces),
                List.copyOf(relations),
                List.copyOf(sequences),
                List.copyOf(domains));
    }

    // ---- tables

    private void relation(Table table) {
        Kind kind = kind(table);
        if (kind == null) {
            return;
        }
        var columns = new ArrayList<Attribute>();
        for (Column column : table.getColumns()) {
            columns.add(attribute(table, column));
        }
        relations.add(
                new Relation(
                        Oids.of(table),
                        new TableId(table.getSchema().getName(), table.getName()),
                        kind,
                        table.isTemporary() && !table.isGlobalTemporary(),
                        List.copyOf(columns),
                        indexes(table),
                        constraints(table),
                        query(table),
                        kind == Kind.TABLE ? table.getRowCountApproximation(session) : 0,
                        table.getComment()));
    }

    private static @Nullable Kind kind(Table table) {
        if (table instanceof MaterializedView) {
            return Kind.MATERIALIZED_VIEW;
        }
        TableType type = table.getTableType();
        if (type == TableType.VIEW) {
            return Kind.VIEW;
        }
        return type == TableType.TABLE ? Kind.TABLE : null;
    }

    private static @Nullable String query(Table table) {
        return switch (table) {
            case TableView view -> view.getQuerySQL();
            default -> null;
        };
    }

    private Attribute attribute(Table table, Column column) {
        TypeInfo type = column.getType();
        Domain domain = column.getDomain();
        Sequence sequence = column.getSequence();
        Identity identity = identity(column, sequence);
        if (sequence != null) {
            owners.put(
                    sequence,
                    new Owner(table, column.getColumnId() + 1, identity != Identity.SERIAL));
        }
        var value = sequence == null ? column.getDefaultExpression() : null;
        return new Attribute(
                column.getName(),
                Types.oid(type),
                Types.modifier(type),
                domain == null ? 0 : Oids.of(domain),
                column.isNullable(),
                column.isGenerated(),
                identity,
                sequence == null ? 0 : Oids.of(sequence),
                value == null ? null : ExpressionText.of(value, type),
                column.getComment());
    }

    private static Identity identity(Column column, @Nullable Sequence sequence) {
        if (sequence == null) {
            return Identity.NONE;
        }
        if (sequence.getCacheSize() == Engine.SERIAL_CACHE) {
            return Identity.SERIAL;
        }
        return column.isGeneratedAlways() ? Identity.ALWAYS : Identity.BY_DEFAULT;
    }

    // ---- indexes

    private static List<Description.Index> indexes(Table table) {
        var list = new ArrayList<Description.Index>();
        for (org.h2.index.Index index : listed(table)) {
            IndexType type = index.getIndexType();
            list.add(
                    new Description.Index(
                            Oids.of(index),
                            TableNames.of(table, index),
                            keys(index.getIndexColumns()),
                            type.isUnique(),
                            type.isPrimaryKey(),
                            index.getComment()));
        }
        list.sort(Comparator.comparingInt(Description.Index::oid));
        return List.copyOf(list);
    }

    /** The indexes that a user has made, or a constraint that has one in PostgreSQL. */
    private static List<org.h2.index.Index> listed(Table table) {
        var indexes = table.getIndexes();
        if (indexes == null) {
            return List.of();
        }
        return indexes.stream().filter(index -> isListed(index)).toList();
    }

    private static boolean isListed(org.h2.index.Index index) {
        IndexType type = index.getIndexType();
        if (type.isPrimaryKey()) {
            return true;
        }
        if (type.isScan() || index.getId() <= 0) {
            return false;
        }
        return !type.getBelongsToConstraint() || type.isUnique();
    }

    private static List<Description.Key> keys(IndexColumn[] columns) {
        var keys = new ArrayList<Description.Key>();
        for (IndexColumn column : columns) {
            boolean isDescending = (column.sortType & SortOrder.DESCENDING) != 0;
            boolean isNullsFirst =
                    (column.sortType & SortOrder.NULLS_FIRST) != 0
                            || (isDescending && (column.sortType & SortOrder.NULLS_LAST) == 0);
            keys.add(
                    new Description.Key(
                            column.column.getColumnId() + 1, isDescending, isNullsFirst));
        }
        return List.copyOf(keys);
    }

    // ---- constraints

    private static List<Description.Constraint> constraints(Table table) {
        var list = new ArrayList<Description.Constraint>();
        var all = table.getConstraints();
        if (all == null) {
            return List.of();
        }
        for (var constraint : all) {
            if (constraint.getTable().equals(table)) {
                list.add(constraint(table, constraint));
            }
        }
        list.sort(Comparator.comparingInt(Description.Constraint::oid));
        return List.copyOf(list);
    }

    private static Description.Constraint constraint(
            Table table, org.h2.constraint.Constraint constraint) {
        int oid = Oids.of(constraint);
        String name = constraint.getName();
        String comment = constraint.getComment();
        return switch (constraint) {
            case ConstraintUnique unique ->
                    new Description.Constraint(
                            oid,
                            name,
                            unique.getConstraintType()
                                            == org.h2.constraint.Constraint.Type.PRIMARY_KEY
                                    ? 'p'
                                    : 'u',
                            numbers(unique.getColumns()),
                            indexOid(unique.getIndex()),
                            null,
                            List.of(),
                            ' ',
                            ' ',
                            null,
                            comment);
            case ConstraintReferential key -> {
                Table target = key.getRefTable();
                var referenced = key.getReferencedConstraint();
                yield new Description.Constraint(
                        oid,
                        name,
                        'f',
                        numbers(key.getColumns()),
                        referenced == null ? 0 : indexOid(referenced.getIndex()),
                        new TableId(target.getSchema().getName(), target.getName()),
                        numbers(key.getRefColumns()),
                        action(key.getUpdateAction()),
                        action(key.getDeleteAction()),
                        null,
                        comment);
            }
            default ->
                    new Description.Constraint(
                            oid,
                            name,
                            'c',
                            constraint.getReferencedColumns(table).stream()
                                    .map(column -> column.getColumnId() + 1)
                                    .sorted()
                                    .toList(),
                            0,
                            null,
                            List.of(),
                            ' ',
                            ' ',
                            ExpressionText.of(constraint.getExpression(), TypeInfo.TYPE_BOOLEAN),
                            comment);
        };
    }

    private static int indexOid(org.h2.index.@Nullable Index index) {
        return index == null ? 0 : Oids.of(index);
    }

    private static List<Integer> numbers(IndexColumn[] columns) {
        var numbers = new ArrayList<Integer>();
        for (IndexColumn column : columns) {
            numbers.add(column.column.getColumnId() + 1);
        }
        return List.copyOf(numbers);
    }

    /** The store restricts where PostgreSQL takes no action; neither waits for the end. */
    private static char action(ConstraintActionType action) {
        return switch (action) {
            case RESTRICT, NO_ACTION -> 'a';
            case CASCADE -> 'c';
            case SET_NULL -> 'n';
            case SET_DEFAULT -> 'd';
        };
    }

    // ---- sequences and domains

    private void sequence(Sequence sequence) {
        Owner owner = owners.get(sequence);
        if (owner == null && sequence.getBelongsToTable()) {
            return;
        }
        long next = sequence.getBaseValue();
        long increment = sequence.getIncrement();
        Long last = next == sequence.getStartValue() ? null : (Long) (next - increment);
        sequences.add(
                new Description.Sequence(
                        Oids.of(sequence),
                        sequence.getSchema().getName(),
                        owner == null
                                ? sequence.getName()
                                : sequenceName(owner.table, owner.column),
                        Types.oid(sequence.getDataType()),
                        sequence.getStartValue(),
                        increment,
                        sequence.getMinValue(),
                        sequence.getMaxValue(),
                        sequence.getCycle() == Sequence.Cycle.CYCLE,
                        last,
                        owner == null ? 0 : Oids.of(owner.table),
                        owner == null ? 0 : owner.column,
                        owner != null && owner.isInternal,
                        sequence.getComment()));
    }

    private static String sequenceName(Table table, int column) {
        return table.getName() + '_' + table.getColumn(column - 1).getName() + "_seq";
    }

    private void domain(Domain domain) {
        TypeInfo type = domain.getDataType();
        boolean isEnum = type.getValueType() == Value.ENUM;
        var checks = new ArrayList<Description.DomainCheck>();
        if (domain.getConstraints() != null) {
            for (var check : domain.getConstraints()) {
                checks.add(
                        new Description.DomainCheck(
                                Oids.of(check),
                                check.getName(),
                                ExpressionText.of(check.getExpression(), TypeInfo.TYPE_BOOLEAN)));
            }
        }
        var value = domain.getDefaultExpression();
        Formula text = value == null ? null : ExpressionText.of(value, type);
        domains.add(
                new Description.Domain(
                        Oids.of(domain),
                        domain.getSchema().getName(),
                        domain.getName(),
                        isEnum ? 0 : Types.oid(type),
                        isEnum ? -1 : Types.modifier(type),
                        isEnum ? Enumerations.labels(type) : List.of(),
                        text,
                        List.copyOf(checks),
                        domain.getComment()));
    }
}
