package io.heliosdb.sql;

import java.util.Optional;

/**
 * What BEGIN or SET TRANSACTION asks for; nothing where it says nothing.
 *
 * @param isolation the isolation level
 * @param readOnly READ ONLY or READ WRITE
 * @param deferrable DEFERRABLE or NOT DEFERRABLE
 */
public record TransactionModes(
        Optional<Isolation> isolation, Optional<Boolean> readOnly, Optional<Boolean> deferrable) {
    /** Modes that say nothing. */
    public static final TransactionModes NONE =
            new TransactionModes(Optional.empty(), Optional.empty(), Optional.empty());

    /** An isolation level. */
    public enum Isolation {
        /** As READ COMMITTED. */
        READ_UNCOMMITTED,
        /** Each statement sees what was committed before it. */
        READ_COMMITTED,
        /** The transaction sees what was committed before its first statement. */
        REPEATABLE_READ,
        /** As if one transaction ran after the other. */
        SERIALIZABLE;

        /**
         * The level's name as a setting has it.
         *
         * @return such as {@code read committed}
         */
        public String text() {
            return switch (this) {
                case READ_UNCOMMITTED -> "read uncommitted";
                case READ_COMMITTED -> "read committed";
                case REPEATABLE_READ -> "repeatable read";
                case SERIALIZABLE -> "serializable";
            };
        }
    }
}
