package io.heliosdb.engine;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.h2.command.Prepared;
import org.h2.command.dml.DataChangeStatement;
import org.h2.command.dml.Delete;
import org.h2.command.dml.Insert;
import org.h2.command.dml.Update;
import org.h2.command.query.Select;
import org.h2.jdbc.JdbcResultSet;
import org.h2.schema.TriggerObject;
import org.h2.table.TableView;
import org.h2.tools.TriggerAdapter;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;

/**
 * A statement that changes the rows of a view. The store has rows of a view changed by its own
 * INSTEAD OF triggers only, so each view that is changed gets one, which asks the row hook.
 */
final class HookedView {
    private static final int ROW_EVENTS =
            org.h2.api.Trigger.INSERT | org.h2.api.Trigger.UPDATE | org.h2.api.Trigger.DELETE;

    private final TableView view;
    private final @Nullable RowEvent event;

    private HookedView(TableView view, @Nullable RowEvent event) {
        this.view = view;
        this.event = event;
    }

    /** The view that a statement changes; null where it changes none. */
    static @Nullable HookedView of(Prepared prepared) {
        Prepared change = prepared;
        if (prepared instanceof Select select && select.getTopTableFilter() != null) {
            change = StoreAccess.change(select.getTopTableFilter().getTable());
        }
        if (!(change instanceof DataChangeStatement statement)
                || !(statement.getTable() instanceof TableView view)) {
            return null;
        }
        attach(view);
        return new HookedView(
                view,
                switch (statement) {
                    case Insert _ -> RowEvent.INSERT;
                    case Update _ -> RowEvent.UPDATE;
                    case Delete _ -> RowEvent.DELETE;
                    default -> null;
                });
    }

    /** Views are never changed at the same time as here: this is what comes before each change. */
    private static void attach(TableView view) {
        synchronized (view) {
            if (view.getTriggers() != null && !view.getTriggers().isEmpty()) {
                return;
            }
            var trigger =
                    new TriggerObject(view.getSchema(), 0, "helios_view_" + view.getId(), view);
            trigger.setTemporary(true);
            trigger.setInsteadOf(true);
            trigger.setBefore(true);
            trigger.setRowBased(true);
            trigger.setTypeMask(ROW_EVENTS);
            StoreAccess.setCallback(trigger, new Rows(view));
            view.getSchema().add(trigger);
            view.addTrigger(trigger);
        }
    }

    /** What the view's triggers do before the statement. */
    void begin(EngineSession session, EnginePlan plan) {
        RowHook hook = Hooks.of(view.getDatabase()).hook();
        if (hook == null || event == null || !hook.isReplaced(session, id(view), event)) {
            throw notUpdatable();
        }
        var assigned = event == RowEvent.UPDATE ? plan.updatedColumns(view) : null;
        try (var _ = new NestedCall(session.local())) {
            hook.beforeStatement(session, id(view), EnumSet.of(event), assigned);
        }
    }

    /** What they do after it. */
    void end(EngineSession session) {
        RowHook hook = Hooks.of(view.getDatabase()).hook();
        if (hook != null && event != null) {
            try (var _ = new NestedCall(session.local())) {
                hook.afterStatement(session, id(view), EnumSet.of(event));
            }
        }
    }

    private PgException notUpdatable() {
        String does =
                switch (event) {
                    case INSERT -> "insert into";
                    case DELETE -> "delete from";
                    case UPDATE -> "update";
                    case TRUNCATE -> throw new IllegalStateException("a view is not truncated");
                    case null -> "merge into";
                };
        String ing =
                does.startsWith("insert")
                        ? "inserting into"
                        : does.startsWith("delete") ? "deleting from" : "updating";
        var error =
                new PgException(
                                new SqlState("55000"),
                                "cannot " + does + " view \"" + view.getName() + "\"")
                        .withDetail("Views are not automatically updatable.");
        String name = event == null ? null : event.name().toUpperCase(Locale.ROOT);
        return name == null
                ? error
                : error.withHint(
                        "To enable "
                                + ing
                                + " the view, provide an INSTEAD OF "
                                + name
                                + " trigger.");
    }

    private static TableId id(TableView view) {
        return new TableId(view.getSchema().getName(), view.getName());
    }

    /** Leads each row to the row hook. */
    private static final class Rows extends TriggerAdapter {
        private final TableView view;

        Rows(TableView view) {
            this.view = view;
        }

        @Override
        public void fire(
                Connection connection, @Nullable ResultSet before, @Nullable ResultSet after)
                throws SQLException {
            var session = EngineSession.of(connection);
            var oldRow = values(session, before);
            var newRow = values(session, after);
            RowHook hook = Hooks.of(view.getDatabase()).hook();
            if (hook == null) {
                return;
            }
            var given = newRow == null ? null : newRow.clone();
            var result =
                    hook.insteadOfRow(session, id(view), event(oldRow, newRow), oldRow, newRow);
            if (result == null) {
                session.depth().skipRow();
                return;
            }
            session.depth().changedRow();
            if (given != null && after != null) {
                replace(session, after, given, result);
            }
        }

        private void replace(
                EngineSession session,
                ResultSet row,
                @Nullable Object[] given,
                @Nullable Object[] wanted)
                throws SQLException {
            for (int i = 0; i < given.length; i++) {
                if (!Objects.deepEquals(given[i], wanted[i])) {
                    int target = view.getColumn(i).getType().getValueType();
                    row.updateObject(i + 1, Values.toValue(wanted[i], target, session.local()));
                }
            }
        }

        private @Nullable Object @Nullable [] values(
                EngineSession session, @Nullable ResultSet row) {
            if (!(row instanceof JdbcResultSet rows)) {
                return null;
            }
            var values = new @Nullable Object[view.getColumns().length];
            for (int i = 0; i < values.length; i++) {
                values[i] = Values.toJava(rows.getInternal(i + 1), session.local());
            }
            return values;
        }

        private static RowEvent event(
                @Nullable Object @Nullable [] oldRow, @Nullable Object @Nullable [] newRow) {
            if (oldRow == null) {
                return RowEvent.INSERT;
            }
            return newRow == null ? RowEvent.DELETE : RowEvent.UPDATE;
        }
    }
}
