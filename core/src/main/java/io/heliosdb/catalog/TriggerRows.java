package io.heliosdb.catalog;

import io.heliosdb.catalog.CatalogHost.TriggerInfo;
import io.heliosdb.catalog.CatalogHost.Waits;
import io.heliosdb.engine.Description.Relation;
import io.heliosdb.pg.Oid;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;

/** pg_trigger and information_schema.triggers. */
final class TriggerRows {
    private static final int[] EVENT_BITS = {
        TriggerText.INSERT, TriggerText.DELETE, TriggerText.UPDATE
    };
    private static final String[] EVENTS = {"INSERT", "DELETE", "UPDATE"};

    private TriggerRows() {}

    static void triggers(Context context, Rows rows) {
        for (var trigger : context.host().triggers(context.session())) {
            Relation table = context.model().relation(trigger.table());
            if (table == null) {
                continue;
            }
            var columns = new ArrayList<Object>();
            for (int i = 0; i < table.columns().size(); i++) {
                if (trigger.columns().contains(table.columns().get(i).name())) {
                    columns.add((short) (i + 1));
                }
            }
            rows.add(
                    "oid",
                    trigger.oid(),
                    "tgrelid",
                    table.oid(),
                    "tgparentid",
                    0,
                    "tgname",
                    trigger.name(),
                    "tgfoid",
                    trigger.function(),
                    "tgtype",
                    trigger.type(),
                    "tgenabled",
                    String.valueOf(trigger.mode()),
                    "tgisinternal",
                    false,
                    "tgconstrrelid",
                    0,
                    "tgconstrindid",
                    0,
                    "tgconstraint",
                    0,
                    "tgdeferrable",
                    trigger.waits().map(Waits::isDeferrable).orElse(false),
                    "tginitdeferred",
                    trigger.waits().map(Waits::isDeferred).orElse(false),
                    "tgnargs",
                    trigger.arguments().size(),
                    "tgattr",
                    ClassRows.numbers(Oid.INT2, columns),
                    "tgargs",
                    bytes(trigger.arguments()),
                    "tgqual",
                    TriggerText.condition(trigger),
                    "tgoldtable",
                    trigger.oldTable().orElse(null),
                    "tgnewtable",
                    trigger.newTable().orElse(null));
        }
    }

    /** Each argument with a NUL behind it. */
    private static byte[] bytes(List<String> arguments) {
        var bytes = new ByteArrayOutputStream();
        for (String argument : arguments) {
            bytes.writeBytes(argument.getBytes(StandardCharsets.UTF_8));
            bytes.write(0);
        }
        return bytes.toByteArray();
    }

    /** Those that fire at the same moment are numbered by their names. */
    private record Moment(String table, int event, String orientation, String timing) {}

    static void information(Context context, Rows rows) {
        String catalog = context.host().database();
        var orders = new HashMap<Moment, Integer>();
        var triggers = new ArrayList<>(context.host().triggers(context.session()));
        triggers.sort(Comparator.comparing(TriggerInfo::name));
        for (var trigger : triggers) {
            String timing = TriggerText.timing(trigger);
            String orientation = TriggerText.orientation(trigger);
            for (int i = 0; i < EVENTS.length; i++) {
                if ((trigger.type() & EVENT_BITS[i]) == 0) {
                    continue;
                }
                String condition = TriggerText.condition(trigger);
                rows.add(
                        "trigger_catalog",
                        catalog,
                        "trigger_schema",
                        trigger.table().schema(),
                        "trigger_name",
                        trigger.name(),
                        "event_manipulation",
                        EVENTS[i],
                        "event_object_catalog",
                        catalog,
                        "event_object_schema",
                        trigger.table().schema(),
                        "event_object_table",
                        trigger.table().name(),
                        "action_order",
                        orders.merge(
                                new Moment(trigger.table().toString(), i, orientation, timing),
                                1,
                                Integer::sum),
                        "action_condition",
                        condition == null ? null : '(' + condition + ')',
                        "action_statement",
                        TriggerText.action(context, trigger),
                        "action_orientation",
                        orientation,
                        "action_timing",
                        timing,
                        "action_reference_old_table",
                        trigger.oldTable().orElse(null),
                        "action_reference_new_table",
                        trigger.newTable().orElse(null));
            }
        }
    }
}
