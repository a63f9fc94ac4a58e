package io.heliosdb.engine;

import org.h2.command.CommandInterface;

/** The command words of PostgreSQL for the store's kinds of commands. */
final class CommandWords {
    private CommandWords() {}

    static String of(int kind) {
        return switch (kind) {
            case CommandInterface.INSERT -> "INSERT";
            case CommandInterface.UPDATE -> "UPDATE";
            case CommandInterface.DELETE -> "DELETE";
            case CommandInterface.MERGE -> "MERGE";
            case CommandInterface.SELECT -> "SELECT FOR UPDATE";
            case CommandInterface.CREATE_TABLE -> "CREATE TABLE";
            case CommandInterface.CREATE_INDEX -> "CREATE INDEX";
            case CommandInterface.CREATE_SCHEMA -> "CREATE SCHEMA";
            case CommandInterface.CREATE_SEQUENCE -> "CREATE SEQUENCE";
            case CommandInterface.CREATE_VIEW -> "CREATE VIEW";
            case CommandInterface.DROP_TABLE -> "DROP TABLE";
            case CommandInterface.DROP_INDEX -> "DROP INDEX";
            case CommandInterface.DROP_SCHEMA -> "DROP SCHEMA";
            case CommandInterface.DROP_SEQUENCE -> "DROP SEQUENCE";
            case CommandInterface.DROP_VIEW -> "DROP VIEW";
            case CommandInterface.TRUNCATE_TABLE -> "TRUNCATE TABLE";
            case CommandInterface.COMMENT -> "COMMENT";
            default -> "ALTER TABLE";
        };
    }
}
