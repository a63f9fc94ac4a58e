package io.heliosdb.session;

import io.heliosdb.engine.Isolation;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.TransactionModes;
import io.heliosdb.sql.TransactionStatement;

import java.util.Locale;
import java.util.Optional;

/**
 * BEGIN, COMMIT, ROLLBACK, savepoints and SET TRANSACTION, with PostgreSQL's warnings where there
 * is nothing to begin or to end. Confined to the session.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-begin.html">PostgreSQL: BEGIN</a>
 */
final class TransactionCommands {
    private final SessionState session;

    /** Whether the statement shares its implicit transaction with others of a query string. */
    private boolean isInString;

    private boolean hasQueried;

    TransactionCommands(SessionState session) {
        this.session = session;
    }

    void isInString(boolean whether) {
        isInString = whether;
    }

    boolean isInString() {
        return isInString;
    }

    /** A query has run: the transaction's modes are settled. */
    void noteQuery() {
        hasQueried = true;
    }

    /** Opens the implicit transaction that every statement runs in. */
    void open() {
        if (session.block().state() == TransactionBlock.State.NONE) {
            hasQueried = false;
            var defaults = session.settings();
            session.block()
                    .open(
                            isolation(defaults.value("default_transaction_isolation")),
                            defaults.value("default_transaction_read_only").equals("on"));
        }
    }

    String begin(TransactionStatement.Begin begin) {
        if (session.block().isBlock()) {
            session.warning(
                    SqlState.ACTIVE_SQL_TRANSACTION, "there is already a transaction in progress");
        } else {
            session.block().beginBlock();
        }
        applyModes(begin.modes());
        return begin.tag();
    }

    String commit(boolean isChained) {
        requireBlockToChain("COMMIT", isChained);
        var chained = modes();
        warnOutsideBlock();
        boolean isCommitted = session.block().commit();
        chain(isChained, chained);
        return isCommitted ? "COMMIT" : "ROLLBACK";
    }

    String rollback(boolean isChained) {
        requireBlockToChain("ROLLBACK", isChained);
        var chained = modes();
        warnOutsideBlock();
        session.block().rollback();
        chain(isChained, chained);
        return "ROLLBACK";
    }

    String savepoint(String name) {
        requireBlock("SAVEPOINT");
        session.block().savepoint(name);
        return "SAVEPOINT";
    }

    String release(String name) {
        requireBlock("RELEASE SAVEPOINT");
        session.block().release(name);
        return "RELEASE";
    }

    String rollbackTo(String name) {
        requireBlock("ROLLBACK TO SAVEPOINT");
        session.block().rollbackTo(name);
        return "ROLLBACK";
    }

    /** Two-phase commit answers as a PostgreSQL with max_prepared_transactions = 0 does. */
    String prepareTransaction() {
        if (!session.block().isBlock()) {
            session.warning(
                    SqlState.NO_ACTIVE_SQL_TRANSACTION, "there is no transaction in progress");
            session.block().commit();
            return "ROLLBACK";
        }
        boolean wasFailed = session.block().state() == TransactionBlock.State.FAILED;
        session.block().rollback();
        if (wasFailed) {
            return "ROLLBACK";
        }
        throw new PgException(
                        SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                        "prepared transactions are disabled")
                .withHint("Set max_prepared_transactions to a nonzero value.");
    }

    String endPrepared(String command, String id) {
        requireOutsideBlock(command);
        throw new PgException(
                SqlState.UNDEFINED_OBJECT,
                "prepared transaction with identifier \"" + id + "\" does not exist");
    }

    String setModes(boolean isForSession, TransactionModes modes) {
        if (isForSession) {
            modes.isolation()
                    .ifPresent(level -> set("default_transaction_isolation", level.text(), false));
            modes.readOnly()
                    .ifPresent(flag -> set("default_transaction_read_only", onOff(flag), false));
            modes.deferrable()
                    .ifPresent(flag -> set("default_transaction_deferrable", onOff(flag), false));
            return "SET";
        }
        if (!session.block().isBlock() && !isInString) {
            session.warning(
                    SqlState.NO_ACTIVE_SQL_TRANSACTION,
                    "SET TRANSACTION can only be used in transaction blocks");
        }
        applyModes(modes);
        return "SET";
    }

    /** The transaction sees what another one saw. */
    String setSnapshot(String name) {
        if (!session.block().isBlock() && !isInString) {
            session.warning(
                    SqlState.NO_ACTIVE_SQL_TRANSACTION,
                    "SET TRANSACTION can only be used in transaction blocks");
        }
        if (hasQueried) {
            throw new PgException(
                    SqlState.ACTIVE_SQL_TRANSACTION,
                    "SET TRANSACTION SNAPSHOT must be called before any query");
        }
        var level = isolation(session.settings().value("transaction_isolation"));
        if (level == Isolation.READ_COMMITTED) {
            throw new PgException(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "a snapshot-importing transaction must have isolation level SERIALIZABLE or"
                            + " REPEATABLE READ");
        }
        var snapshot = session.instance().snapshots().find(name);
        session.rows().rollback();
        if (snapshot.isEmpty() || !snapshot.get().begin(session.rows(), isReadOnlyNow(), level)) {
            throw new PgException(
                    SqlState.INVALID_PARAMETER_VALUE,
                    "invalid snapshot identifier: \"" + name + '"');
        }
        hasQueried = true;
        return "SET";
    }

    boolean isReadOnlyNow() {
        return session.settings().isReadOnly();
    }

    void requireOutsideBlock(String command) {
        if (session.block().isBlock() || isInString) {
            throw new PgException(
                    SqlState.ACTIVE_SQL_TRANSACTION,
                    command + " cannot run inside a transaction block");
        }
    }

    static Isolation isolation(String name) {
        return switch (name) {
            case "serializable" -> Isolation.SERIALIZABLE;
            case "repeatable read" -> Isolation.REPEATABLE_READ;
            default -> Isolation.READ_COMMITTED;
        };
    }

    /** Fails where the transaction does not have a snapshot that is still to be taken. */
    void requireSnapshot(String command) {
        var level = isolation(session.settings().value("transaction_isolation"));
        if (level == Isolation.READ_COMMITTED) {
            throw new PgException(
                    SqlState.INTERNAL_ERROR,
                    command + " must be called in REPEATABLE READ isolation mode transaction");
        }
        if (hasQueried) {
            throw new PgException(
                    SqlState.INTERNAL_ERROR, command + " must be called before any query");
        }
    }

    private void applyModes(TransactionModes modes) {
        if (modes.isolation().isPresent()) {
            var level = modes.isolation().get().text();
            if (hasQueried && !level.equals(session.settings().value("transaction_isolation"))) {
                throw new PgException(
                        SqlState.ACTIVE_SQL_TRANSACTION,
                        "SET TRANSACTION ISOLATION LEVEL must be called before any query");
            }
            set("transaction_isolation", level, true);
        }
        if (modes.readOnly().isPresent()) {
            boolean wanted = modes.readOnly().get();
            if (!wanted && hasQueried && isReadOnlyNow()) {
                throw new PgException(
                        SqlState.ACTIVE_SQL_TRANSACTION,
                        "transaction read-write mode must be set before any query");
            }
            set("transaction_read_only", onOff(wanted), true);
        }
        modes.deferrable().ifPresent(flag -> set("transaction_deferrable", onOff(flag), true));
        if (hasQueried) {
            session.rows().setReadOnly(isReadOnlyNow());
        } else {
            session.rows().rollback();
            session.rows()
                    .begin(
                            isReadOnlyNow(),
                            isolation(session.settings().value("transaction_isolation")));
        }
    }

    /** The modes of the open transaction, for the one chained to it. */
    private TransactionModes modes() {
        var settings = session.settings();
        var level =
                settings.value("transaction_isolation").replace(' ', '_').toUpperCase(Locale.ROOT);
        return new TransactionModes(
                Optional.of(TransactionModes.Isolation.valueOf(level)),
                Optional.of(isReadOnlyNow()),
                Optional.of(settings.value("transaction_deferrable").equals("on")));
    }

    /** COMMIT or ROLLBACK inside a procedure: the next transaction begins at once. */
    void endAndBegin(boolean isChained, Runnable ending) {
        var chained = modes();
        ending.run();
        open();
        if (isChained) {
            applyModes(chained);
        }
    }

    private void chain(boolean isChained, TransactionModes modes) {
        if (isChained) {
            open();
            session.block().beginBlock();
            applyModes(modes);
        }
    }

    private void warnOutsideBlock() {
        if (!session.block().isBlock()) {
            session.warning(
                    SqlState.NO_ACTIVE_SQL_TRANSACTION, "there is no transaction in progress");
        }
    }

    private void requireBlockToChain(String command, boolean isChained) {
        if (isChained) {
            requireBlock(command + " AND CHAIN");
        }
    }

    private void requireBlock(String command) {
        if (!session.block().isBlock()) {
            throw new PgException(
                    SqlState.NO_ACTIVE_SQL_TRANSACTION,
                    command + " can only be used in transaction blocks");
        }
    }

    private void set(String name, String value, boolean isLocal) {
        session.settings().set(Setting.require(name), value, isLocal);
    }

    private static String onOff(boolean flag) {
        return flag ? "on" : "off";
    }
}
