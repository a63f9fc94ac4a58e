package io.heliosdb.engine;

import io.heliosdb.pg.Oid;

import org.h2.command.query.AllColumnsForPlan;
import org.h2.engine.SessionLocal;
import org.h2.index.Cursor;
import org.h2.index.Index;
import org.h2.index.IndexCondition;
import org.h2.index.VirtualTableIndex;
import org.h2.result.Row;
import org.h2.result.SearchRow;
import org.h2.result.SortOrder;
import org.h2.schema.Schema;
import org.h2.table.Column;
import org.h2.table.IndexColumn;
import org.h2.table.TableFilter;
import org.h2.table.TableType;
import org.h2.table.VirtualTable;
import org.h2.value.TypeInfo;
import org.h2.value.Value;
import org.h2.value.ValueBigint;
import org.jspecify.annotations.Nullable;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A system view: its rows come from the {@link CatalogSource} and are kept as long as that says, at
 * least for one statement. Equality on a number or a name is looked up; a table of values is built
 * for a column when it is first asked for.
 */
class CatalogTable extends VirtualTable {
    /** What a plan reckons with. */
    private static final long ROWS = 1000;

    /** Rows that were kept for a statement are not kept for the next one. */
    private record StatementVersion(SessionLocal session, long id) {}

    private static final Object NO_SOURCE = new Object();

    private final CatalogRelation relation;
    private final List<Index> indexes;

    /** Racing threads put the same rows, or older ones that are not used. */
    private volatile SoftReference<Snapshot> snapshot = new SoftReference<>(null);

    CatalogTable(Schema schema, CatalogRelation relation) {
        super(schema, -relation.oid(), relation.name());
        this.relation = relation;
        int count = relation.columns().size();
        var all = new Column[count + 1];
        for (int i = 0; i < count; i++) {
            var attribute = relation.columns().get(i);
            all[i] = new Column(attribute.name(), type(attribute.typeOid()));
        }
        all[count] = new Column("tableoid", TypeInfo.TYPE_BIGINT);
        all[count].setVisible(false);
        setColumns(all);
        var list = new ArrayList<Index>();
        list.add(new CatalogIndex(this, IndexColumn.wrap(all), -1));
        for (int i = 0; i < count; i++) {
            if (isLookedUp(relation.columns().get(i).typeOid())) {
                list.add(new CatalogIndex(this, IndexColumn.wrap(new Column[] {all[i]}), i));
            }
        }
        indexes = List.copyOf(list);
    }

    CatalogRelation relation() {
        return relation;
    }

    private static boolean isLookedUp(int oid) {
        return oid == Oid.OID || oid == Oid.NAME;
    }

    /** What the store computes with for a type. */
    private static TypeInfo type(int oid) {
        return switch (oid) {
            case Oid.BOOL -> TypeInfo.TYPE_BOOLEAN;
            case Oid.INT2 -> TypeInfo.TYPE_SMALLINT;
            case Oid.INT4 -> TypeInfo.TYPE_INTEGER;
            case Oid.INT8, Oid.OID, Oid.XID -> TypeInfo.TYPE_BIGINT;
            case Oid.FLOAT4 -> TypeInfo.TYPE_REAL;
            case Oid.FLOAT8 -> TypeInfo.TYPE_DOUBLE;
            case Oid.NUMERIC -> TypeInfo.TYPE_NUMERIC_FLOATING_POINT;
            case Oid.TIMESTAMPTZ -> TypeInfo.TYPE_TIMESTAMP_TZ;
            case Oid.BYTEA -> TypeInfo.TYPE_VARBINARY;
            case Oid.INT2_ARRAY, Oid.INT2_VECTOR -> arrayOf(TypeInfo.TYPE_SMALLINT);
            case Oid.OID_ARRAY, Oid.OID_VECTOR, Oid.REGTYPE_ARRAY -> arrayOf(TypeInfo.TYPE_BIGINT);
            case Oid.TEXT_ARRAY, Oid.NAME_ARRAY, Oid.CHAR_ARRAY, Oid.ACLITEM_ARRAY ->
                    arrayOf(TypeInfo.TYPE_VARCHAR);
            default -> Oid.isReg(oid) ? TypeInfo.TYPE_BIGINT : TypeInfo.TYPE_VARCHAR;
        };
    }

    private static TypeInfo arrayOf(TypeInfo element) {
        return TypeInfo.getTypeInfo(Value.ARRAY, -1, 0, element);
    }

    // ---- rows

    List<Row> all(SessionLocal session) {
        return rows(session).all;
    }

    List<Row> find(SessionLocal session, int column, Value key) {
        return rows(session).find(column, key);
    }

    double scanCost() {
        return 10 * ROWS;
    }

    private Snapshot rows(SessionLocal session) {
        var reader = EngineSession.of(session);
        CatalogSource source = reader.engine().catalog();
        Object version = source == null ? NO_SOURCE : source.version(reader, relation);
        if (version == null) {
            version = new StatementVersion(session, reader.statementNumber());
        }
        Snapshot known = snapshot.get();
        if (known == null || !known.version.equals(version)) {
            known = new Snapshot(version, source == null ? List.of() : read(source, reader));
            snapshot = new SoftReference<>(known);
        }
        return known;
    }

    private List<Row> read(CatalogSource source, EngineSession reader) {
        var provider = reader.local();
        var list = new ArrayList<Row>();
        for (@Nullable Object[] given : source.rows(reader, relation)) {
            var values = new Value[columns.length];
            for (int i = 0; i < given.length; i++) {
                Value value = Values.toValue(given[i], Value.UNKNOWN, provider);
                values[i] =
                        value.getValueType() == Value.NULL
                                ? value
                                : columns[i].convert(provider, value);
            }
            values[given.length] = ValueBigint.get(relation.oid());
            list.add(Row.get(values, 1, list.size()));
        }
        return list;
    }

    private static final class Snapshot {
        final Object version;
        final List<Row> all;
        private final Map<Integer, Map<Value, List<Row>>> lookups = new HashMap<>();

        Snapshot(Object version, List<Row> all) {
            this.version = version;
            this.all = all;
        }

        synchronized List<Row> find(int column, Value key) {
            return lookups.computeIfAbsent(column, this::lookup).getOrDefault(key, List.of());
        }

        private Map<Value, List<Row>> lookup(int column) {
            var map = new HashMap<Value, List<Row>>();
            for (Row row : all) {
                Value value = row.getValue(column);
                if (value.getValueType() != Value.NULL) {
                    map.computeIfAbsent(value, ignored -> new ArrayList<>(1)).add(row);
                }
            }
            return map;
        }
    }

    private static final class CatalogIndex extends VirtualTableIndex {
        private static final double LOOKUP_COST = 3;

        private final CatalogTable owner;

        /** The column that is looked up; -1 for a scan. */
        private final int column;

        CatalogIndex(CatalogTable owner, IndexColumn[] columns, int column) {
            super(owner, "catalog", columns);
            this.owner = owner;
            this.column = column;
        }

        @Override
        public Cursor find(SessionLocal session, SearchRow first, SearchRow last, boolean reverse) {
            if (column < 0 || first == null) {
                return new Rows(owner.all(session));
            }
            // A parameter's value is of the parameter's type.
            Value key = owner.columns[column].convert(session, first.getValue(column));
            return new Rows(owner.find(session, column, key));
        }

        @Override
        public double getCost(
                SessionLocal session,
                int[] masks,
                TableFilter[] filters,
                int filter,
                SortOrder sortOrder,
                AllColumnsForPlan allColumnsSet,
                boolean isSelectCommand) {
            if (column < 0) {
                return owner.scanCost();
            }
            boolean isEquality =
                    masks != null
                            && (masks[column] & IndexCondition.EQUALITY) == IndexCondition.EQUALITY;
            return isEquality ? LOOKUP_COST : Long.MAX_VALUE;
        }

        @Override
        public int getColumnIndex(Column asked) {
            return column < 0 ? -1 : super.getColumnIndex(asked);
        }

        @Override
        public boolean isFirstColumn(Column asked) {
            return column >= 0 && super.isFirstColumn(asked);
        }

        @Override
        public long getRowCount(SessionLocal session) {
            return owner.getRowCount(session);
        }

        /** Nothing, which is how the store knows that its rows come in no order. */
        @Override
        public @Nullable String getCreateSQL() {
            return null;
        }

        @Override
        public String getPlanSQL() {
            return column < 0 ? "catalog" : "catalog lookup";
        }
    }

    private static final class Rows implements Cursor {
        private final List<Row> list;
        private int at = -1;

        Rows(List<Row> list) {
            this.list = list;
        }

        @Override
        public Row get() {
            return list.get(at);
        }

        @Override
        public SearchRow getSearchRow() {
            return list.get(at);
        }

        @Override
        public boolean next() {
            return ++at < list.size();
        }

        @Override
        public boolean previous() {
            throw new IllegalStateException("the rows of a system view are read forward");
        }
    }

    // ---- what the store wants to know of a table

    @Override
    public StringBuilder getSQL(StringBuilder builder, int sqlFlags) {
        getSchema().getSQL(builder, sqlFlags).append('.');
        return super.getSQL(builder, sqlFlags);
    }

    @Override
    public Index getScanIndex(SessionLocal session) {
        return indexes.getFirst();
    }

    @Override
    public List<Index> getIndexes() {
        return indexes;
    }

    @Override
    public TableType getTableType() {
        return TableType.SYSTEM_TABLE;
    }

    @Override
    public long getMaxDataModificationId() {
        // Rows may change without the store's knowledge; a result is never used again.
        return Long.MAX_VALUE;
    }

    @Override
    public boolean isDeterministic() {
        return true;
    }

    @Override
    public boolean canGetRowCount(SessionLocal session) {
        return false;
    }

    @Override
    public long getRowCount(SessionLocal session) {
        return all(session).size();
    }

    @Override
    public long getRowCountApproximation(SessionLocal session) {
        return ROWS;
    }

    @Override
    public boolean canDrop() {
        return false;
    }
}
