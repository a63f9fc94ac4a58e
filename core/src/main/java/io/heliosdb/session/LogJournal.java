package io.heliosdb.session;

import io.heliosdb.engine.Engine;
import io.heliosdb.log.Append;
import io.heliosdb.log.Log;
import io.heliosdb.log.LogEntry.Notice;
import io.heliosdb.pubsub.History;
import io.heliosdb.pubsub.HistoryRules;
import io.heliosdb.pubsub.Journal;
import io.heliosdb.pubsub.Message;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** The log as what gives transactions their places: a place is the position of their record. */
final class LogJournal implements Journal {
    private final Engine engine;
    private final Log log;
    private final HistoryRules rules;
    private final LogHistory history;

    LogJournal(Engine engine, Log log, HistoryRules rules) {
        this.engine = engine;
        this.log = log;
        this.rules = rules;
        history = new LogHistory(log);
        if (rules.has(HistoryRules.Kind.MEMORY)) {
            // What this process keeps in memory begins behind all tokens that an earlier one gave.
            var begin = engine.prepareNotifications(0, List.of());
            log.append(begin);
            log.flushSoon(begin);
        }
    }

    /** What is recorded of them. */
    static List<Notice> notices(HistoryRules rules, List<Message> messages) {
        return rules.logged(messages).stream()
                .map(message -> new Notice(message.channel(), message.payload()))
                .toList();
    }

    @Override
    public long next() {
        return log.end().value();
    }

    @Override
    public History history() {
        return history;
    }

    @Override
    public @Nullable Entry prepare(List<Message> notifications, int pid) {
        var notices = notices(rules, notifications);
        return notices.isEmpty()
                ? null
                : new Notifications(engine.prepareNotifications(pid, notices));
    }

    /** A transaction of notifications alone; nobody waits for the disk. */
    private final class Notifications implements Entry {
        private final Append record;

        Notifications(Append record) {
            this.record = record;
        }

        @Override
        public long append() {
            return log.append(record).value();
        }

        @Override
        public void settle(boolean isAppended) {
            if (isAppended) {
                log.flushSoon(record);
            } else {
                log.release(record);
            }
        }
    }
}
