package io.heliosdb.catalog;

import io.heliosdb.catalog.CatalogHost.TriggerInfo;
import io.heliosdb.pg.Identifier;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Triggers as CREATE statements, in the words and the order of PostgreSQL. A WHEN expression is as
 * its author wrote it, with the key words in capitals.
 */
final class TriggerText {
    static final int ROW = 1;
    static final int BEFORE = 1 << 1;
    static final int INSERT = 1 << 2;
    static final int DELETE = 1 << 3;
    static final int UPDATE = 1 << 4;
    static final int TRUNCATE = 1 << 5;
    static final int INSTEAD = 1 << 6;

    /** A string, a quoted name, or a word. */
    private static final Pattern TOKEN =
            Pattern.compile("'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|[A-Za-z_][A-Za-z0-9_$]*");

    private static final Set<String> KEY_WORDS =
            Set.of(
                    "is",
                    "distinct",
                    "from",
                    "null",
                    "not",
                    "and",
                    "or",
                    "in",
                    "like",
                    "ilike",
                    "between",
                    "case",
                    "when",
                    "then",
                    "else",
                    "end",
                    "any",
                    "all",
                    "array");

    private TriggerText() {}

    static String timing(TriggerInfo trigger) {
        return (trigger.type() & BEFORE) != 0
                ? "BEFORE"
                : (trigger.type() & INSTEAD) != 0 ? "INSTEAD OF" : "AFTER";
    }

    static String orientation(TriggerInfo trigger) {
        return (trigger.type() & ROW) != 0 ? "ROW" : "STATEMENT";
    }

    /** The expression of WHEN, nothing where there is none. */
    static @Nullable String condition(TriggerInfo trigger) {
        return trigger.condition()
                .map(text -> TOKEN.matcher(text.strip()).replaceAll(TriggerText::word))
                .orElse(null);
    }

    private static String word(MatchResult token) {
        String text = token.group();
        String lower = text.toLowerCase(Locale.ROOT);
        boolean isQuoted = text.startsWith("'") || text.startsWith("\"");
        String shown =
                isQuoted
                        ? text
                        : KEY_WORDS.contains(lower) ? lower.toUpperCase(Locale.ROOT) : lower;
        return java.util.regex.Matcher.quoteReplacement(shown);
    }

    /** What it executes. */
    static String action(Context context, TriggerInfo trigger) {
        if (trigger.function() == 0) {
            return trigger.source();
        }
        var arguments =
                trigger.arguments().stream().map(each -> '\'' + each.replace("'", "''") + '\'');
        return "EXECUTE FUNCTION "
                + new Names(context).functionText(trigger.function())
                + '('
                + String.join(", ", arguments.toList())
                + ')';
    }

    /**
     * The statement that creates it.
     *
     * @param isPretty whether a table that the search path leads to has no schema, and the
     *     condition no parentheses beside those of WHEN
     */
    static String of(Context context, TriggerInfo trigger, boolean isPretty) {
        if (trigger.function() == 0) {
            return trigger.source();
        }
        var text = new StringBuilder("CREATE ");
        text.append(trigger.waits().isPresent() ? "CONSTRAINT TRIGGER " : "TRIGGER ");
        text.append(Identifier.quoteWhereNeeded(trigger.name())).append(' ');
        text.append(timing(trigger)).append(' ').append(events(trigger));
        text.append(" ON ").append(table(context, trigger, isPretty)).append(' ');
        trigger.waits()
                .ifPresent(waits ->
                        text.append(waits.isDeferrable() ? "" : "NOT ")
                                .append("DEFERRABLE INITIALLY ")
                                .append(waits.isDeferred() ? "DEFERRED " : "IMMEDIATE "));
        if (trigger.oldTable().isPresent() || trigger.newTable().isPresent()) {
            text.append("REFERENCING ");
            transition(text, "OLD", trigger.oldTable().orElse(null));
            transition(text, "NEW", trigger.newTable().orElse(null));
        }
        text.append("FOR EACH ").append(orientation(trigger)).append(' ');
        String condition = condition(trigger);
        if (condition != null) {
            text.append("WHEN (").append(isPretty ? condition : '(' + condition + ')').append(") ");
        }
        return text.append(action(context, trigger)).toString();
    }

    private static void transition(StringBuilder text, String word, @Nullable String name) {
        if (name != null) {
            text.append(word).append(" TABLE AS ");
            text.append(Identifier.quoteWhereNeeded(name)).append(' ');
        }
    }

    private static String events(TriggerInfo trigger) {
        var events = new ArrayList<String>();
        if ((trigger.type() & INSERT) != 0) {
            events.add("INSERT");
        }
        if ((trigger.type() & DELETE) != 0) {
            events.add("DELETE");
        }
        if ((trigger.type() & UPDATE) != 0) {
            var columns = trigger.columns().stream().map(Identifier::quoteWhereNeeded).toList();
            events.add(columns.isEmpty() ? "UPDATE" : "UPDATE OF " + String.join(", ", columns));
        }
        if ((trigger.type() & TRUNCATE) != 0) {
            events.add("TRUNCATE");
        }
        return String.join(" OR ", events);
    }

    private static String table(Context context, TriggerInfo trigger, boolean isPretty) {
        Model model = context.model();
        var table = model.relation(trigger.table());
        var named = table == null ? null : model.named(table.oid());
        if (named == null) {
            return trigger.table().toString();
        }
        return isPretty ? model.shown(named, context.names().path()) : model.qualified(named);
    }
}
