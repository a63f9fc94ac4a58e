package io.heliosdb.engine;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.h2.command.CommandInterface;
import org.h2.command.Prepared;
import org.h2.command.Token;
import org.h2.command.ddl.CreateTable;
import org.h2.command.dml.Help;

import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * What sessions may run. Everything the store can do that reaches a Java class, a file, the network
 * or the store's own settings is refused here, whatever the layers above let through.
 */
final class AllowList {
    private static final BitSet KINDS = new BitSet();

    private static final Set<String> FUNCTIONS_REFUSED =
            Set.of(
                    "abort_session",
                    "cancel_session",
                    "csvread",
                    "csvwrite",
                    "database_path",
                    "db_object_id",
                    "db_object_sql",
                    "db_object_size",
                    "db_object_total_size",
                    "db_object_approximate_size",
                    "db_object_approximate_total_size",
                    "disk_space_used",
                    "estimated_envelope",
                    "file_read",
                    "file_write",
                    "h2version",
                    "link_schema",
                    "lock_mode",
                    "lock_timeout",
                    "memory_free",
                    "memory_used",
                    "readonly",
                    "session_id",
                    "table_distinct",
                    "transaction_id",
                    "signal",
                    "zero",
                    "compress",
                    "expand",
                    "encrypt",
                    "decrypt");

    static {
        int[] kinds = {
            CommandInterface.ALTER_INDEX_RENAME,
            CommandInterface.ALTER_SCHEMA_RENAME,
            CommandInterface.ALTER_TABLE_ADD_CONSTRAINT_CHECK,
            CommandInterface.ALTER_TABLE_ADD_CONSTRAINT_UNIQUE,
            CommandInterface.ALTER_TABLE_ADD_CONSTRAINT_REFERENTIAL,
            CommandInterface.ALTER_TABLE_ADD_CONSTRAINT_PRIMARY_KEY,
            CommandInterface.ALTER_TABLE_ADD_COLUMN,
            CommandInterface.ALTER_TABLE_ALTER_COLUMN_NOT_NULL,
            CommandInterface.ALTER_TABLE_ALTER_COLUMN_DROP_NOT_NULL,
            CommandInterface.ALTER_TABLE_ALTER_COLUMN_DEFAULT,
            CommandInterface.ALTER_TABLE_ALTER_COLUMN_CHANGE_TYPE,
            CommandInterface.ALTER_TABLE_DROP_COLUMN,
            CommandInterface.ALTER_TABLE_DROP_CONSTRAINT,
            CommandInterface.ALTER_TABLE_RENAME,
            CommandInterface.ALTER_TABLE_ALTER_COLUMN_RENAME,
            CommandInterface.ALTER_VIEW,
            CommandInterface.ANALYZE,
            CommandInterface.CREATE_INDEX,
            CommandInterface.CREATE_SCHEMA,
            CommandInterface.CREATE_SEQUENCE,
            CommandInterface.CREATE_TABLE,
            CommandInterface.CREATE_DOMAIN,
            CommandInterface.CREATE_VIEW,
            CommandInterface.DROP_INDEX,
            CommandInterface.DROP_SCHEMA,
            CommandInterface.DROP_SEQUENCE,
            CommandInterface.DROP_TABLE,
            CommandInterface.DROP_DOMAIN,
            CommandInterface.DROP_VIEW,
            CommandInterface.COMMENT,
            CommandInterface.TRUNCATE_TABLE,
            CommandInterface.ALTER_SEQUENCE,
            CommandInterface.CALL,
            CommandInterface.DELETE,
            CommandInterface.EXPLAIN,
            CommandInterface.INSERT,
            CommandInterface.MERGE,
            CommandInterface.NO_OPERATION,
            CommandInterface.SELECT,
            CommandInterface.UPDATE,
            CommandInterface.ALTER_TABLE_RENAME_CONSTRAINT,
            CommandInterface.ALTER_TABLE_ALTER_COLUMN_ON_UPDATE,
            CommandInterface.ALTER_DOMAIN_ADD_CONSTRAINT,
            CommandInterface.ALTER_DOMAIN_DROP_CONSTRAINT,
            CommandInterface.ALTER_DOMAIN_DEFAULT,
            CommandInterface.ALTER_DOMAIN_RENAME,
            CommandInterface.ALTER_TABLE_ALTER_COLUMN_DROP_EXPRESSION,
            CommandInterface.ALTER_TABLE_ALTER_COLUMN_DROP_IDENTITY,
            CommandInterface.ALTER_TABLE_ALTER_COLUMN_DEFAULT_ON_NULL,
            CommandInterface.ALTER_DOMAIN_RENAME_CONSTRAINT,
            CommandInterface.CREATE_MATERIALIZED_VIEW,
            CommandInterface.REFRESH_MATERIALIZED_VIEW,
            CommandInterface.DROP_MATERIALIZED_VIEW,
        };
        for (int kind : kinds) {
            KINDS.set(kind);
        }
    }

    private AllowList() {}

    /**
     * Lets a statement pass.
     *
     * @throws PgException 42501 for a statement or a function that is not for sessions, 0A000 for a
     *     table's engine
     */
    static void check(Prepared prepared, String sql) {
        if (!KINDS.get(prepared.getType()) || prepared instanceof Help) {
            throw new PgException(
                    SqlState.INSUFFICIENT_PRIVILEGE,
                    "permission denied for this kind of statement");
        }
        checkNames(prepared, sql);
        if (prepared instanceof CreateTable create) {
            StoreAccess.requirePlain(create);
        }
    }

    /** Whether a statement has a name in its text. */
    static boolean names(Prepared prepared, String name) {
        List<Token> tokens = prepared.getSQLTokens();
        return tokens != null
                && tokens.stream().anyMatch(token -> name.equals(StoreAccess.identifier(token)));
    }

    private static void checkNames(Prepared prepared, String sql) {
        List<Token> tokens = prepared.getSQLTokens();
        if (tokens == null) {
            throw new IllegalStateException("a statement without tokens: " + sql);
        }
        for (int i = 0; i + 1 < tokens.size(); i++) {
            String name = StoreAccess.identifier(tokens.get(i));
            if (name != null) {
                checkName(StoreNames.folded(name), tokens, i);
            }
        }
    }

    private static void checkName(String name, List<Token> tokens, int at) {
        Token next = tokens.get(at + 1);
        if (FUNCTIONS_REFUSED.contains(name) && StoreAccess.isOpeningParenthesis(next)) {
            if (at == 0 || !isTableName(tokens.get(at - 1))) {
                throw denied("function " + name);
            }
        }
        if (name.equals(Engine.SYSTEM_SCHEMA)
                && (StoreAccess.isDot(next) || (at > 0 && isWord(tokens.get(at - 1), "schema")))) {
            throw denied("schema " + name);
        }
    }

    /** A table may be called as a function is: its columns follow in parentheses. */
    private static boolean isTableName(Token before) {
        return isWord(before, "table") || isWord(before, "into");
    }

    private static boolean isWord(Token token, String word) {
        String name = StoreAccess.identifier(token);
        return name != null ? name.equalsIgnoreCase(word) : token.toString().equalsIgnoreCase(word);
    }

    private static PgException denied(String what) {
        return new PgException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for " + what);
    }
}
