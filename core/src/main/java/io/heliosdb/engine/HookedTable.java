package io.heliosdb.engine;

import org.h2.api.ErrorCode;
import org.h2.api.Trigger;
import org.h2.command.Prepared;
import org.h2.command.ddl.CreateTableData;
import org.h2.engine.SessionLocal;
import org.h2.expression.Expression;
import org.h2.message.DbException;
import org.h2.mvstore.db.MVTable;
import org.h2.mvstore.db.Store;
import org.h2.result.LocalResult;
import org.h2.result.Row;
import org.h2.table.Column;
import org.h2.util.DateTimeUtils;
import org.h2.value.TypeInfo;
import org.h2.value.Value;
import org.h2.value.ValueArray;
import org.h2.value.ValueBoolean;
import org.h2.value.ValueDate;
import org.h2.value.ValueInteger;
import org.h2.value.ValueJson;
import org.h2.value.ValueNull;
import org.h2.value.ValueTime;
import org.h2.value.ValueTimestamp;
import org.h2.value.ValueTimestampTimeZone;
import org.h2.value.ValueUuid;
import org.h2.value.ValueVarbinary;
import org.h2.value.ValueVarchar;
import org.jspecify.annotations.Nullable;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A table that tells the row hook of statements and rows. What the hook wants of this table is
 * asked once per generation of hooks, so that a table without triggers pays for one comparison.
 */
final class HookedTable extends MVTable {
    private static final RowEvent[] EVENTS = RowEvent.values();

    /** The store's word for a row that is to be skipped where it is locked. */
    private static final int SKIP_LOCKED = -2;

    private static final int LOCK_SLICE_MILLIS = 50;
    private static final BitSet NONE = new BitSet();

    /** A bit that none of the store's events has. */
    private static final int TRUNCATE = 1 << 20;

    private final Hooks hooks;

    /** What the hook wants, in the store's bits; racing threads write the same. */
    private volatile Wanted wanted = new Wanted(-1, new TableId("", ""), 0, 0);

    private record Wanted(int generation, TableId id, int events, int before) {}

    /** The session that was here last, which is nearly always the one that comes next. */
    private volatile WeakReference<@Nullable EngineSession> last = new WeakReference<>(null);

    private HookedTable(CreateTableData data, Store store) {
        super(data, store);
        hooks = Hooks.of(database);
    }

    /** The tables that refer to this one are emptied with it: the rewriting has seen to that. */
    @Override
    public boolean canTruncate() {
        return true;
    }

    static HookedTable create(CreateTableData data) {
        Store store = data.session.getDatabase().getStore();
        var table = new HookedTable(data, store);
        StoreAccess.register(store, table);
        return table;
    }

    @Override
    public void convertInsertRow(
            SessionLocal session, Row row, @Nullable Boolean overridingSystem) {
        takeDefaults(session, row);
        assign(row);
        BitSet open = wants(RowEvent.INSERT) ? fillNulls(row) : NONE;
        try {
            super.convertInsertRow(session, row, overridingSystem);
            assignGenerated(row);
        } catch (DbException e) {
            throw violated(session, e, row);
        }
        emptyAgain(row, open);
    }

    @Override
    public void convertUpdateRow(SessionLocal session, Row row, boolean fromTrigger) {
        takeDefaults(session, row);
        assign(row);
        BitSet open = wants(RowEvent.UPDATE) ? fillNulls(row) : NONE;
        try {
            super.convertUpdateRow(session, row, fromTrigger);
            assignGenerated(row);
        } catch (DbException e) {
            throw violated(session, e, row);
        }
        emptyAgain(row, open);
    }

    /**
     * A trigger may fill a column that must not be NULL, so that only afterwards NULL is refused.
     * Until then something stands in its place.
     */
    private BitSet fillNulls(Row row) {
        var open = new BitSet();
        for (int i = 0; i < columns.length; i++) {
            Column column = columns[i];
            Value value = row.getValue(i);
            boolean isMissing = value == null && column.getEffectiveDefaultExpression() == null;
            boolean isNull = value != null && isNull(value) && !column.isDefaultOnNull();
            if (!column.isNullable()
                    && !column.isIdentity()
                    && !column.isGenerated()
                    && column.getDomain() == null
                    && (isMissing || isNull)) {
                Value instead = placeholder(column.getType());
                if (instead != null) {
                    open.set(i);
                    row.setValue(i, instead);
                }
            }
        }
        return open;
    }

    private static boolean isNull(Value value) {
        return value.getValueType() == Value.NULL;
    }

    private static void emptyAgain(Row row, BitSet open) {
        open.stream().forEach(i -> row.setValue(i, ValueNull.INSTANCE));
    }

    private static @Nullable Value placeholder(TypeInfo type) {
        return switch (type.getValueType()) {
            case Value.CHAR, Value.VARCHAR, Value.CLOB -> ValueVarchar.EMPTY;
            case Value.BOOLEAN -> ValueBoolean.FALSE;
            case Value.TINYINT,
                    Value.SMALLINT,
                    Value.INTEGER,
                    Value.BIGINT,
                    Value.NUMERIC,
                    Value.REAL,
                    Value.DOUBLE,
                    Value.DECFLOAT ->
                    ValueInteger.get(0);
            case Value.DATE -> ValueDate.fromDateValue(DateTimeUtils.EPOCH_DATE_VALUE);
            case Value.TIME -> ValueTime.fromNanos(0);
            case Value.TIMESTAMP ->
                    ValueTimestamp.fromDateValueAndNanos(DateTimeUtils.EPOCH_DATE_VALUE, 0);
            case Value.TIMESTAMP_TZ ->
                    ValueTimestampTimeZone.fromDateValueAndNanos(
                            DateTimeUtils.EPOCH_DATE_VALUE, 0, 0);
            case Value.UUID -> ValueUuid.get(0, 0);
            case Value.JSON -> ValueJson.NULL;
            case Value.BINARY, Value.VARBINARY, Value.BLOB -> ValueVarbinary.EMPTY;
            case Value.ARRAY -> ValueArray.EMPTY;
            default -> null;
        };
    }

    /** What {@link #fillNulls} has let pass and no trigger has filled. */
    private void requireNotNull(SessionLocal session, @Nullable Row row) {
        for (int i = 0; row != null && i < columns.length; i++) {
            if (!columns[i].isNullable() && isNull(row.getValue(i))) {
                throw violated(
                        session,
                        DbException.get(ErrorCode.NULL_NOT_ALLOWED, columns[i].getName()),
                        row);
            }
        }
    }

    /** An error with the row that it is about. */
    private RuntimeException violated(SessionLocal session, DbException e, @Nullable Row row) {
        int code = e.getErrorCode();
        boolean isOurs =
                code == ErrorCode.NULL_NOT_ALLOWED || code == ErrorCode.CHECK_CONSTRAINT_VIOLATED_1;
        return row == null || !isOurs
                ? e
                : ConstraintErrors.inRow(e, this, FailingRow.of(session, columns, row));
    }

    /** Values that the store would not bring into the column's form by itself. */
    private void assign(Row row) {
        for (int i = 0; i < columns.length; i++) {
            assign(row, i);
        }
    }

    private void assign(Row row, int index) {
        Value value = row.getValue(index);
        if (value == null || value.getValueType() == Value.NULL) {
            return;
        }
        TypeInfo type = columns[index].getType();
        if (type.getValueType() == Value.NUMERIC) {
            row.setValue(index, Numerics.assigned(value, type));
        } else if (type.getValueType() == Value.JSON) {
            row.setValue(index, Values.json(value, Types.isJsonb(type)));
        }
    }

    /**
     * Defaults of the columns that have a form of ours, before the store takes them as they are;
     * columns that are generated may read them.
     */
    private void takeDefaults(SessionLocal session, Row row) {
        for (int i = 0; i < columns.length; i++) {
            Column column = columns[i];
            if (row.getValue(i) != null
                    || !hasForm(column)
                    || column.isIdentity()
                    || column.isGeneratedAlways()) {
                continue;
            }
            Expression value = column.getEffectiveDefaultExpression();
            if (value != null) {
                row.setValue(i, value.getValue(session));
            }
        }
    }

    /** What the store has computed from the other columns. */
    private void assignGenerated(Row row) {
        for (int i = 0; i < columns.length; i++) {
            if (columns[i].isGeneratedAlways() && hasForm(columns[i])) {
                assign(row, i);
            }
        }
    }

    private static boolean hasForm(Column column) {
        int kind = column.getType().getValueType();
        return kind == Value.NUMERIC || kind == Value.JSON;
    }

    @Override
    public boolean fireRow() {
        return super.fireRow() || wanted() != 0;
    }

    @Override
    public void addRow(SessionLocal session, Row row) {
        writeRow(session, row, () -> super.addRow(session, row));
    }

    @Override
    public void updateRow(SessionLocal session, Row oldRow, Row newRow) {
        writeRow(session, newRow, () -> super.updateRow(session, oldRow, newRow));
    }

    @Override
    public void updateRows(Prepared prepared, SessionLocal session, LocalResult rows) {
        owner(session).transaction().keyMoves().note(this, rows);
        super.updateRows(prepared, session, rows);
    }

    /** Writes a row into all indexes or none; waits for who holds one of its keys. */
    private void writeRow(SessionLocal session, Row row, Runnable write) {
        long begun = System.nanoTime();
        long tryBegun = begun;
        KeyWait wait = null;
        session.getTransaction().setTimeoutMillis(KeyWait.SLICE_MILLIS);
        while (true) {
            try {
                write.run();
                return;
            } catch (DbException e) {
                wait = wait == null ? new KeyWait(this, session, row, hooks.latch(), begun) : wait;
                wait.after(e, tryBegun);
                tryBegun = System.nanoTime();
            }
        }
    }

    /** A wait for another's row lock lets checkpoints pass now and then. */
    @Override
    public @Nullable Row lockRow(SessionLocal session, Row row, int timeoutMillis) {
        var latch = hooks.latch();
        if (timeoutMillis == SKIP_LOCKED) {
            return super.lockRow(session, row, timeoutMillis);
        }
        int timeout = timeoutMillis < 0 ? session.getLockTimeout() : timeoutMillis;
        long begun = System.nanoTime();
        while (true) {
            long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            int slice = Math.clamp(timeout - waited, 0, LOCK_SLICE_MILLIS);
            long sliceBegun = System.nanoTime();
            try {
                return super.lockRow(session, row, slice);
            } catch (DbException e) {
                KeyWait.requireNoVictim(session, this, e);
                long slept = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sliceBegun);
                boolean isSliceOver = slice == LOCK_SLICE_MILLIS && slept >= slice;
                if (e.getErrorCode() != ErrorCode.LOCK_TIMEOUT_1 || !isSliceOver) {
                    throw e;
                }
                if (latch != null) {
                    latch.stepAside();
                }
            }
        }
    }

    @Override
    public void fire(SessionLocal session, int type, boolean beforeAction) {
        if (beforeAction && (type == Trigger.UPDATE || type == Trigger.DELETE)) {
            requireAllowed(session, type == Trigger.UPDATE ? RowEvent.UPDATE : RowEvent.DELETE);
        }
        super.fire(session, type, beforeAction);
        int wantedEvents = wanted();
        if (wantedEvents == 0 || owner(session).isPartOfStatement(this)) {
            return;
        }
        var events = EnumSet.noneOf(RowEvent.class);
        for (RowEvent event : EVENTS) {
            if ((type & wantedEvents & mask(event)) != 0 && event != RowEvent.TRUNCATE) {
                events.add(event);
            }
        }
        fire(session, events, beforeAction);
    }

    /** A statement of the program's own changes what it likes. */
    private void requireAllowed(SessionLocal session, RowEvent event) {
        var guard = hooks.guard();
        if (guard != null && !owner(session).isInternal() && !isTemporary()) {
            guard.require(new TableId(getSchema().getName(), getName()), event);
        }
    }

    private void fire(SessionLocal session, Set<RowEvent> events, boolean isBefore) {
        if (events.isEmpty()) {
            return;
        }
        var owner = owner(session);
        try (var _ = new NestedCall(session)) {
            if (isBefore) {
                var assigned =
                        events.contains(RowEvent.UPDATE)
                                ? owner.depth().updatedColumns(this)
                                : null;
                hook().beforeStatement(owner, id(), events, assigned);
            } else {
                hook().afterStatement(owner, id(), events);
            }
        }
    }

    @Override
    public long truncate(SessionLocal session) {
        boolean isWanted = wants(RowEvent.TRUNCATE);
        var events = EnumSet.of(RowEvent.TRUNCATE);
        if (isWanted) {
            fire(session, events, true);
        }
        long rows = super.truncate(session);
        if (isWanted) {
            fire(session, events, false);
        }
        return rows;
    }

    /** Tells the hook of a statement that inserts rows by many of the store's. */
    void fireInsert(SessionLocal session, boolean beforeAction) {
        if (wants(RowEvent.INSERT)) {
            fire(session, EnumSet.of(RowEvent.INSERT), beforeAction);
        }
    }

    @Override
    public boolean fireBeforeRow(SessionLocal session, Row oldRow, Row newRow) {
        RowEvent event = event(oldRow, newRow);
        if (wants(event)) {
            boolean isAsked = (wanted.before & mask(event)) != 0;
            if (isAsked && !beforeRow(session, event, oldRow, newRow)) {
                owner(session).depth().skipRow();
                return true;
            }
            requireNotNull(session, newRow);
            if (event != RowEvent.INSERT) {
                owner(session).depth().changedRow();
            }
        }
        var depth = hasConstraints() ? owner(session).depth() : null;
        if (depth != null) {
            depth.enterRow();
        }
        try {
            return super.fireBeforeRow(session, oldRow, newRow);
        } catch (DbException e) {
            throw violated(session, e, newRow);
        } finally {
            if (depth != null) {
                depth.leaveRow();
            }
        }
    }

    private boolean hasConstraints() {
        var list = getConstraints();
        return list != null && list.iterator().hasNext() && hooks.hook() != null;
    }

    @Override
    public void fireAfterRow(SessionLocal session, Row oldRow, Row newRow, boolean rollback) {
        if (rollback) {
            super.fireAfterRow(session, oldRow, newRow, true);
            return;
        }
        RowEvent event = event(oldRow, newRow);
        if (wants(event)) {
            var owner = owner(session);
            if (event == RowEvent.INSERT) {
                // Here and not before: one that is there already is not inserted.
                owner.depth().changedRow();
            }
            try (var _ = new NestedCall(session)) {
                hook().afterRow(
                                owner,
                                id(),
                                event,
                                values(session, oldRow),
                                values(session, newRow));
            }
        }
        if (!hasConstraints()) {
            super.fireAfterRow(session, oldRow, newRow, false);
            return;
        }
        var owner = owner(session);
        owner.depth().enterRow();
        try {
            super.fireAfterRow(session, oldRow, newRow, false);
        } catch (DbException e) {
            throw violated(session, e, newRow);
        } finally {
            owner.depth().leaveRow();
        }
    }

    /** Returns whether the row is to be written. */
    private boolean beforeRow(SessionLocal session, RowEvent event, Row oldRow, Row newRow) {
        var owner = owner(session);
        var after = values(session, newRow);
        var given = after == null ? null : after.clone();
        @Nullable Object @Nullable [] wantedRow;
        try (var _ = new NestedCall(session)) {
            wantedRow = hook().beforeRow(owner, id(), event, values(session, oldRow), after);
        }
        if (wantedRow == null) {
            return false;
        }
        if (given != null && !Arrays.deepEquals(given, wantedRow)) {
            replace(session, newRow, given, wantedRow);
        }
        return true;
    }

    private void replace(
            SessionLocal session, Row row, @Nullable Object[] given, @Nullable Object[] wantedRow) {
        for (int i = 0; i < given.length; i++) {
            if (!Objects.deepEquals(given[i], wantedRow[i])) {
                int target = columns[i].getType().getValueType();
                row.setValue(i, Values.toValue(wantedRow[i], target, session));
            }
        }
        convertUpdateRow(session, row, true);
    }

    private RowHook hook() {
        RowHook hook = hooks.hook();
        assert hook != null : "a table is wanted by no hook";
        return hook;
    }

    private boolean wants(RowEvent event) {
        return (wanted() & mask(event)) != 0;
    }

    private int wanted() {
        Wanted current = wanted;
        if (current.generation == hooks.generation() && current.id.name().equals(getName())) {
            return current.events;
        }
        return ask();
    }

    private int ask() {
        int generation = hooks.generation();
        RowHook hook = hooks.hook();
        int events = 0;
        int before = 0;
        var id = new TableId(getSchema().getName(), getName());
        if (hook != null) {
            for (RowEvent event : EVENTS) {
                if (hook.wants(id, event)) {
                    events |= mask(event);
                    before |= hook.wantsBeforeRow(id, event) ? mask(event) : 0;
                }
            }
        }
        wanted = new Wanted(generation, id, events, before);
        return events;
    }

    /** As of when the hook was asked last. */
    private TableId id() {
        return wanted.id;
    }

    private EngineSession owner(SessionLocal session) {
        var known = last.get();
        if (known != null && session.equals(known.local())) {
            return known;
        }
        var found = EngineSession.of(session);
        last = new WeakReference<>(found);
        return found;
    }

    private @Nullable Object @Nullable [] values(SessionLocal session, @Nullable Row row) {
        if (row == null) {
            return null;
        }
        Value[] list = row.getValueList();
        return Values.toJava(list, columns.length, session);
    }

    private static RowEvent event(@Nullable Row oldRow, @Nullable Row newRow) {
        if (oldRow == null) {
            return RowEvent.INSERT;
        }
        return newRow == null ? RowEvent.DELETE : RowEvent.UPDATE;
    }

    /** The store's bit for an event. */
    private static int mask(RowEvent event) {
        return switch (event) {
            case INSERT -> Trigger.INSERT;
            case UPDATE -> Trigger.UPDATE;
            case DELETE -> Trigger.DELETE;
            case TRUNCATE -> TRUNCATE;
        };
    }
}
