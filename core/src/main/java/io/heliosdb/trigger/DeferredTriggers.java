package io.heliosdb.trigger;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The constraint triggers of one transaction that wait for its commit, and what SET CONSTRAINTS
 * says of them. Confined to the session's thread.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-set-constraints.html">PostgreSQL: SET
 *     CONSTRAINTS</a>
 */
final class DeferredTriggers {
    private record Waiting(Trigger trigger, Firing firing) {}

    private final TransactionTriggers transaction;
    private final TriggerFiring firing;
    private final List<Waiting> waiting = new ArrayList<>();
    private final Map<String, Boolean> named = new HashMap<>();
    private @Nullable Boolean all;

    DeferredTriggers(TransactionTriggers transaction, TriggerFiring firing) {
        this.transaction = transaction;
        this.firing = firing;
    }

    boolean isDeferred(Trigger trigger) {
        if (!trigger.isDeferrable()) {
            return false;
        }
        var said = named.get(trigger.name());
        if (said != null) {
            return said;
        }
        return all == null ? trigger.isDeferred() : all;
    }

    void add(Trigger trigger, Firing event) {
        waiting.add(new Waiting(trigger, event));
    }

    /** SET CONSTRAINTS; those that are no longer to wait fire now. */
    void set(List<String> names, boolean isDeferred) {
        if (names.isEmpty()) {
            named.clear();
            all = isDeferred;
        }
        for (String name : names) {
            var triggers =
                    transaction.visible().named(name).stream()
                            .filter(trigger ->
                                    trigger.action()
                                                    instanceof
                                                    TriggerAction.CallFunction(
                                                            var definition,
                                                            var _)
                                            && definition.isConstraint())
                            .toList();
            if (triggers.isEmpty()) {
                throw new PgException(
                        SqlState.UNDEFINED_OBJECT, "constraint \"" + name + "\" does not exist");
            }
            if (triggers.stream().noneMatch(Trigger::isDeferrable)) {
                throw new PgException(
                        new SqlState("42809"), "constraint \"" + name + "\" is not deferrable");
            }
            named.put(name, isDeferred);
        }
        if (!isDeferred) {
            fire(false);
        }
    }

    /** The transaction is about to commit: what waits fires, and what that makes wait, too. */
    void fireAll() {
        fire(true);
    }

    private void fire(boolean isCommit) {
        for (int i = 0; i < waiting.size(); ) {
            var next = waiting.get(i);
            if (isCommit || !isDeferred(next.trigger)) {
                waiting.remove(i);
                firing.fire(next.trigger, next.firing);
            } else {
                i++;
            }
        }
    }

    int mark() {
        return waiting.size();
    }

    void rollbackTo(int mark) {
        if (mark < waiting.size()) {
            waiting.subList(mark, waiting.size()).clear();
        }
    }

    /** The transaction is over. */
    void clear() {
        waiting.clear();
        named.clear();
        all = null;
    }
}
