package io.heliosdb.session;

import io.heliosdb.engine.Engine;
import io.heliosdb.log.Append;
import io.heliosdb.log.Log;
import io.heliosdb.log.LogEntry.Notice;
import io.heliosdb.pubsub.Journal;
import io.heliosdb.pubsub.Message;

import java.util.List;

/** The log as what gives transactions their places: a place is the position of their record. */
final class LogJournal implements Journal {
    private final Engine engine;
    private final Log log;

    LogJournal(Engine engine, Log log) {
        this.engine = engine;
        this.log = log;
    }

    static List<Notice> notices(List<Message> messages) {
        return messages.stream()
                .map(message -> new Notice(message.channel(), message.payload()))
                .toList();
    }

    @Override
    public long next() {
        return log.end().value();
    }

    @Override
    public Entry prepare(List<Message> notifications, int pid) {
        return new Notifications(engine.prepareNotifications(pid, notices(notifications)));
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
