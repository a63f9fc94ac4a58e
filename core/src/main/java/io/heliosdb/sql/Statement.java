package io.heliosdb.sql;

import io.heliosdb.pg.Report;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/**
 * A statement that {@link SqlParser} has recognised: one that this database answers itself, or an
 * {@link Engine} statement for {@link Rewriter}. Immutable.
 */
public sealed interface Statement
        permits Statement.Empty,
                Statement.Listen,
                Statement.Unlisten,
                Statement.UnlistenAll,
                Statement.Notify,
                Statement.Set,
                Statement.Show,
                Statement.Reset,
                Statement.Discard,
                Statement.Prepare,
                Statement.Execute,
                Statement.Deallocate,
                Statement.DeclareCursor,
                Statement.Fetch,
                Statement.CloseCursor,
                Statement.Copy,
                Statement.CreateTrigger,
                Statement.CreateFunctionTrigger,
                Statement.DropTrigger,
                Statement.CreateRoutine,
                Statement.DropRoutine,
                Statement.AlterRoutine,
                Statement.Do,
                Statement.Call,
                Statement.RenameTrigger,
                Statement.EnableTrigger,
                Statement.SetConstraints,
                Statement.CreateRule,
                Statement.DropRule,
                Statement.CreateRole,
                Statement.AlterRole,
                Statement.DropRole,
                Statement.Nothing,
                Statement.Checkpoint,
                Statement.Unsupported,
                Statement.Engine,
                PublicationStatement,
                TransactionStatement {
    /**
     * The statement as it was written, without the semicolon.
     *
     * @return its text
     */
    String source();

    /**
     * Where the statement starts in the string it came in.
     *
     * @return an index into that string, from 0
     */
    int offset();

    /**
     * Nothing but blanks and comments.
     *
     * @param source as written
     * @param offset where it starts
     */
    record Empty(String source, int offset) implements Statement {}

    /**
     * LISTEN.
     *
     * @param source as written
     * @param offset where it starts
     * @param channel the bare channel name, at most 63 bytes
     * @param notice 42622 where the name was cut
     */
    record Listen(String source, int offset, String channel, Optional<Report> notice)
            implements Statement {}

    /**
     * UNLISTEN of one channel.
     *
     * @param source as written
     * @param offset where it starts
     * @param channel the bare channel name, at most 63 bytes
     * @param notice 42622 where the name was cut
     */
    record Unlisten(String source, int offset, String channel, Optional<Report> notice)
            implements Statement {}

    /**
     * UNLISTEN *.
     *
     * @param source as written
     * @param offset where it starts
     */
    record UnlistenAll(String source, int offset) implements Statement {}

    /**
     * NOTIFY.
     *
     * @param source as written
     * @param offset where it starts
     * @param channel the bare channel name, at most 63 bytes
     * @param payload the payload, not yet checked for its length; empty where there is none
     * @param notice 42622 where the name was cut
     */
    record Notify(
            String source, int offset, String channel, String payload, Optional<Report> notice)
            implements Statement {}

    /**
     * SET of one setting; TIME ZONE, NAMES, ROLE, SESSION AUTHORIZATION and the like come under
     * their settings' names.
     *
     * @param source as written
     * @param offset where it starts
     * @param local SET LOCAL: until the end of the transaction
     * @param name the setting, folded; two names joined by a dot for one of an extension
     * @param values its values as texts; empty for DEFAULT
     */
    record Set(String source, int offset, boolean local, String name, List<String> values)
            implements Statement {}

    /**
     * SHOW.
     *
     * @param source as written
     * @param offset where it starts
     * @param name the setting; {@code all} for all of them
     */
    record Show(String source, int offset, String name) implements Statement {}

    /**
     * RESET.
     *
     * @param source as written
     * @param offset where it starts
     * @param name the setting; {@code all} for all of them
     */
    record Reset(String source, int offset, String name) implements Statement {}

    /**
     * DISCARD.
     *
     * @param source as written
     * @param offset where it starts
     * @param target what to discard
     */
    record Discard(String source, int offset, Target target) implements Statement {
        /** What DISCARD discards. */
        public enum Target {
            /** Everything of the session. */
            ALL,
            /** Cached plans. */
            PLANS,
            /** Cached sequence values. */
            SEQUENCES,
            /** Temporary tables. */
            TEMP
        }
    }

    /**
     * PREPARE.
     *
     * @param source as written
     * @param offset where it starts
     * @param name its name
     * @param parameterOids the types given, 0 for one that is to be inferred
     * @param body the statement to prepare
     */
    record Prepare(String source, int offset, String name, List<Integer> parameterOids, Engine body)
            implements Statement {}

    /**
     * EXECUTE.
     *
     * @param source as written
     * @param offset where it starts
     * @param name the prepared statement
     * @param arguments a SELECT of the argument expressions in order, where there are any
     */
    record Execute(String source, int offset, String name, Optional<Engine> arguments)
            implements Statement {}

    /**
     * DEALLOCATE.
     *
     * @param source as written
     * @param offset where it starts
     * @param name the prepared statement; nothing for ALL
     */
    record Deallocate(String source, int offset, Optional<String> name) implements Statement {}

    /**
     * DECLARE.
     *
     * @param source as written
     * @param offset where it starts
     * @param name the cursor
     * @param options what it can do
     * @param query its rows
     */
    record DeclareCursor(String source, int offset, String name, Options options, Engine query)
            implements Statement {
        /**
         * What a cursor can do.
         *
         * @param isBinary whether its rows are binary
         * @param isScrollable whether it goes backward
         * @param isHold whether it outlives its transaction
         */
        public record Options(boolean isBinary, boolean isScrollable, boolean isHold) {}
    }

    /**
     * FETCH or MOVE.
     *
     * @param source as written
     * @param offset where it starts
     * @param cursor the cursor's name
     * @param direction which way
     * @param count how many rows, or which one; {@link #ALL} for all
     * @param isMove whether the rows are skipped
     */
    record Fetch(
            String source,
            int offset,
            String cursor,
            Direction direction,
            long count,
            boolean isMove)
            implements Statement {
        /** All rows that are left. */
        public static final long ALL = Long.MAX_VALUE;

        /** Which way a cursor goes. */
        public enum Direction {
            /** On; back where the count is negative. */
            FORWARD,
            /** Back; on where the count is negative. */
            BACKWARD,
            /** To a row by its number, from the end where that is negative. */
            ABSOLUTE,
            /** To a row by its distance. */
            RELATIVE
        }
    }

    /**
     * CLOSE.
     *
     * @param source as written
     * @param offset where it starts
     * @param name the cursor; nothing for ALL
     */
    record CloseCursor(String source, int offset, Optional<String> name) implements Statement {}

    /**
     * COPY.
     *
     * @param source as written
     * @param offset where it starts
     * @param isFrom FROM, and not TO
     * @param table what is copied; nothing for a query
     * @param columns the columns of the table; empty for all
     * @param query what is copied, where it is no table
     * @param place where the data come from or go to
     * @param options as written
     * @param where the condition of COPY FROM, to be put into a statement with {@link
     *     Rewriter#condition}
     */
    record Copy(
            String source,
            int offset,
            boolean isFrom,
            Optional<TableName> table,
            List<String> columns,
            Optional<Engine> query,
            Place place,
            List<CopyOption> options,
            Optional<Engine> where)
            implements Statement {
        /** The other end. */
        public enum Place {
            /** STDIN or STDOUT. */
            CLIENT,
            /** A file of the server's machine. */
            FILE,
            /** A program on the server's machine. */
            PROGRAM
        }
    }

    /**
     * CREATE TRIGGER with a body of statements.
     *
     * @param source as written
     * @param offset where it starts
     * @param definition what it says
     */
    record CreateTrigger(String source, int offset, TriggerDefinition definition)
            implements Statement {}

    /**
     * CREATE TRIGGER … EXECUTE FUNCTION.
     *
     * @param source as written
     * @param offset where it starts
     * @param definition what it says
     */
    record CreateFunctionTrigger(String source, int offset, FunctionTriggerDefinition definition)
            implements Statement {}

    /**
     * DROP TRIGGER.
     *
     * @param source as written
     * @param offset where it starts
     * @param ifExists whether a missing one is no error
     * @param name its name
     * @param table its table; SQLite's form names none
     */
    record DropTrigger(
            String source, int offset, boolean ifExists, String name, Optional<TableName> table)
            implements Statement {}

    /**
     * CREATE FUNCTION or PROCEDURE.
     *
     * @param source as written
     * @param offset where it starts
     * @param definition what it says
     */
    record CreateRoutine(String source, int offset, RoutineDefinition definition)
            implements Statement {}

    /**
     * DROP FUNCTION, PROCEDURE or ROUTINE.
     *
     * @param source as written
     * @param offset where it starts
     * @param kind FUNCTION, PROCEDURE or ROUTINE
     * @param ifExists whether a missing one is no error
     * @param names the routines
     * @param isCascade whether what needs them goes, too
     */
    record DropRoutine(
            String source,
            int offset,
            String kind,
            boolean ifExists,
            List<RoutineName> names,
            boolean isCascade)
            implements Statement {}

    /**
     * ALTER FUNCTION, PROCEDURE or ROUTINE.
     *
     * @param source as written
     * @param offset where it starts
     * @param kind FUNCTION, PROCEDURE or ROUTINE
     * @param name the routine
     * @param change what changes
     */
    record AlterRoutine(
            String source, int offset, String kind, RoutineName name, RoutineAlteration change)
            implements Statement {}

    /**
     * DO.
     *
     * @param source as written
     * @param offset where it starts
     * @param language the body's language
     * @param body the body
     * @param bodyOffset where the body starts in the source
     */
    record Do(String source, int offset, String language, String body, int bodyOffset)
            implements Statement {}

    /**
     * CALL.
     *
     * @param source as written
     * @param offset where it starts
     * @param name the procedure
     * @param nameOffset where its name starts in the source
     * @param arguments the arguments, each as it is written
     * @param names the parameters that the arguments name; empty for one that names none
     * @param types the arguments' types; null where one is not known
     */
    record Call(
            String source,
            int offset,
            TableName name,
            int nameOffset,
            List<String> arguments,
            List<String> names,
            List<@Nullable SqlType> types)
            implements Statement {}

    /**
     * ALTER TRIGGER … RENAME TO.
     *
     * @param source as written
     * @param offset where it starts
     * @param name the trigger
     * @param table its table
     * @param newName what it is called from now on
     */
    record RenameTrigger(String source, int offset, String name, TableName table, String newName)
            implements Statement {}

    /**
     * ALTER TABLE … ENABLE or DISABLE TRIGGER.
     *
     * @param source as written
     * @param offset where it starts
     * @param table the table
     * @param name the trigger; nothing for all of them
     * @param mode O, D, R or A, as in pg_trigger
     */
    record EnableTrigger(
            String source, int offset, TableName table, Optional<String> name, char mode)
            implements Statement {}

    /**
     * SET CONSTRAINTS.
     *
     * @param source as written
     * @param offset where it starts
     * @param names the constraints; empty for ALL
     * @param isDeferred whether they wait for the commit
     */
    record SetConstraints(String source, int offset, List<String> names, boolean isDeferred)
            implements Statement {}

    /**
     * CREATE RULE … DO ALSO NOTIFY.
     *
     * @param source as written
     * @param offset where it starts
     * @param name the rule
     * @param orReplace whether an existing one is replaced
     * @param event INSERT, UPDATE or DELETE
     * @param table its table
     * @param channel the channel
     * @param payload the payload; empty where there is none
     */
    record CreateRule(
            String source,
            int offset,
            String name,
            boolean orReplace,
            String event,
            TableName table,
            String channel,
            String payload)
            implements Statement {}

    /**
     * DROP RULE.
     *
     * @param source as written
     * @param offset where it starts
     * @param ifExists whether a missing one is no error
     * @param name the rule
     * @param table its table
     */
    record DropRule(String source, int offset, boolean ifExists, String name, TableName table)
            implements Statement {}

    /**
     * CREATE ROLE, USER or GROUP.
     *
     * @param source as written
     * @param offset where it starts
     * @param name the role
     * @param options what it gets; LOGIN is set by CREATE USER
     */
    record CreateRole(String source, int offset, String name, RoleOptions options)
            implements Statement {}

    /**
     * ALTER ROLE or USER … WITH options.
     *
     * @param source as written
     * @param offset where it starts
     * @param name the role; {@code current_user} and {@code session_user} as such
     * @param options what changes
     */
    record AlterRole(String source, int offset, String name, RoleOptions options)
            implements Statement {}

    /**
     * DROP ROLE, USER or GROUP.
     *
     * @param source as written
     * @param offset where it starts
     * @param ifExists whether a missing one is no error
     * @param names the roles
     */
    record DropRole(String source, int offset, boolean ifExists, List<String> names)
            implements Statement {}

    /**
     * A statement that has nothing to do here, such as VACUUM, ANALYZE or a PRAGMA.
     *
     * @param source as written
     * @param offset where it starts
     * @param tag what the command completes with
     */
    record Nothing(String source, int offset, String tag) implements Statement {}

    /**
     * CHECKPOINT.
     *
     * @param source as written
     * @param offset where it starts
     */
    record Checkpoint(String source, int offset) implements Statement {}

    /**
     * A statement of PostgreSQL's that this version does not have; 0A000 when it is executed.
     *
     * @param source as written
     * @param offset where it starts
     * @param command its name, such as {@code CREATE FUNCTION}
     */
    record Unsupported(String source, int offset, String command) implements Statement {}

    /**
     * A statement for the engine, to be rewritten by {@link Rewriter}.
     *
     * @param source as written
     * @param offset where it starts
     * @param kind what it does
     * @param tree its syntax
     */
    record Engine(String source, int offset, Kind kind, SyntaxTree tree) implements Statement {
        /** What a statement for the engine does. */
        public enum Kind {
            /** Reads rows. */
            SELECT,
            /** Adds rows. */
            INSERT,
            /** Changes rows. */
            UPDATE,
            /** Removes rows. */
            DELETE,
            /** Adds or changes rows by MERGE. */
            MERGE,
            /** Defines or removes objects; commits what came before. */
            DDL,
            /** Shows a plan. */
            EXPLAIN
        }

        /**
         * Whether executing the statement changes rows or objects.
         *
         * @return true for one that a read-only transaction refuses
         */
        public boolean isWrite() {
            return tree.isWrite();
        }

        /**
         * Whether it was read for a session, so that it says where its temporary relations are.
         *
         * @return false for one that is to be read again before it is run
         */
        public boolean knowsSession() {
            return tree.knowsSession;
        }
    }
}
