package io.heliosdb.pg;

/**
 * A five-character error code.
 *
 * @param code the code, such as {@code 42601}
 * @see <a href="https://www.postgresql.org/docs/15/errcodes-appendix.html">PostgreSQL: error
 *     codes</a>
 */
public record SqlState(String code) {
    /** Nothing is wrong; notices carry it. */
    public static final SqlState SUCCESSFUL_COMPLETION = new SqlState("00000");

    /** A warning. */
    public static final SqlState WARNING = new SqlState("01000");

    /** The other side broke the protocol. */
    public static final SqlState PROTOCOL_VIOLATION = new SqlState("08P01");

    /** The connection is closed. */
    public static final SqlState CONNECTION_DOES_NOT_EXIST = new SqlState("08003");

    /** The server refuses the connection. */
    public static final SqlState CONNECTION_REJECTED = new SqlState("08004");

    /** The connection broke. */
    public static final SqlState CONNECTION_FAILURE = new SqlState("08006");

    /** A feature this server does not have. */
    public static final SqlState FEATURE_NOT_SUPPORTED = new SqlState("0A000");

    /** A value does not fit its type's length. */
    public static final SqlState STRING_DATA_RIGHT_TRUNCATION = new SqlState("22001");

    /** A number is out of its type's range. */
    public static final SqlState NUMERIC_VALUE_OUT_OF_RANGE = new SqlState("22003");

    /** A text that does not read as a date or a time. */
    public static final SqlState INVALID_DATETIME_FORMAT = new SqlState("22007");

    /** A part of a date or a time is out of its range. */
    public static final SqlState DATETIME_FIELD_OVERFLOW = new SqlState("22008");

    /** An offset from UTC is out of its range. */
    public static final SqlState INVALID_TIME_ZONE_DISPLACEMENT = new SqlState("22009");

    /** A part of an interval is out of its range. */
    public static final SqlState INTERVAL_FIELD_OVERFLOW = new SqlState("22015");

    /** An array's bounds do not fit. */
    public static final SqlState ARRAY_SUBSCRIPT_ERROR = new SqlState("2202E");

    /** A null value where none is allowed. */
    public static final SqlState NULL_VALUE_NOT_ALLOWED = new SqlState("22004");

    /** A division by zero. */
    public static final SqlState DIVISION_BY_ZERO = new SqlState("22012");

    /** Bytes that the encoding does not know. */
    public static final SqlState CHARACTER_NOT_IN_REPERTOIRE = new SqlState("22021");

    /** An argument has a value that is not allowed. */
    public static final SqlState INVALID_PARAMETER_VALUE = new SqlState("22023");

    /** A text that does not read as the type asked for. */
    public static final SqlState INVALID_TEXT_REPRESENTATION = new SqlState("22P02");

    /** Bytes that do not read as the type asked for. */
    public static final SqlState INVALID_BINARY_REPRESENTATION = new SqlState("22P03");

    /** A character that the server's encoding has no place for. */
    public static final SqlState UNTRANSLATABLE_CHARACTER = new SqlState("22P05");

    /** A unique constraint is violated. */
    public static final SqlState UNIQUE_VIOLATION = new SqlState("23505");

    /** The command cannot run inside a transaction block. */
    public static final SqlState ACTIVE_SQL_TRANSACTION = new SqlState("25001");

    /** A write in a read-only transaction. */
    public static final SqlState READ_ONLY_SQL_TRANSACTION = new SqlState("25006");

    /** No transaction is open. */
    public static final SqlState NO_ACTIVE_SQL_TRANSACTION = new SqlState("25P01");

    /** The transaction has failed; only its end is accepted. */
    public static final SqlState IN_FAILED_SQL_TRANSACTION = new SqlState("25P02");

    /** A session stayed idle in a transaction for too long. */
    public static final SqlState IDLE_IN_TRANSACTION_SESSION_TIMEOUT = new SqlState("25P03");

    /** A prepared statement of that name does not exist. */
    public static final SqlState INVALID_SQL_STATEMENT_NAME = new SqlState("26000");

    /** The user name is not accepted. */
    public static final SqlState INVALID_AUTHORIZATION_SPECIFICATION = new SqlState("28000");

    /** The password is wrong. */
    public static final SqlState INVALID_PASSWORD = new SqlState("28P01");

    /** A portal of that name does not exist. */
    public static final SqlState INVALID_CURSOR_NAME = new SqlState("34000");

    /** A savepoint of that name does not exist. */
    public static final SqlState INVALID_SAVEPOINT_SPECIFICATION = new SqlState("3B001");

    /** The database does not exist. */
    public static final SqlState INVALID_CATALOG_NAME = new SqlState("3D000");

    /** The transaction cannot be serialised with another. */
    public static final SqlState SERIALIZATION_FAILURE = new SqlState("40001");

    /** The transaction was chosen to break a deadlock. */
    public static final SqlState DEADLOCK_DETECTED = new SqlState("40P01");

    /** The role lacks the right. */
    public static final SqlState INSUFFICIENT_PRIVILEGE = new SqlState("42501");

    /** The statement does not parse. */
    public static final SqlState SYNTAX_ERROR = new SqlState("42601");

    /** A name that is too long was cut, or a name is not valid. */
    public static final SqlState NAME_TOO_LONG = new SqlState("42622");

    /** An object of that name exists. */
    public static final SqlState DUPLICATE_OBJECT = new SqlState("42710");

    /** wrong_object_type. */
    public static final SqlState WRONG_OBJECT_TYPE = new SqlState("42809");

    /** An object does not exist. */
    public static final SqlState UNDEFINED_OBJECT = new SqlState("42704");

    /** A table does not exist. */
    public static final SqlState UNDEFINED_TABLE = new SqlState("42P01");

    /** More than one function could be meant. */
    public static final SqlState AMBIGUOUS_FUNCTION = new SqlState("42725");

    /** A name that cannot be read. */
    public static final SqlState INVALID_NAME = new SqlState("42602");

    /** There is no such schema. */
    public static final SqlState INVALID_SCHEMA_NAME = new SqlState("3F000");

    /** A column does not exist. */
    public static final SqlState UNDEFINED_COLUMN = new SqlState("42703");

    /** A parameter does not exist. */
    public static final SqlState UNDEFINED_PARAMETER = new SqlState("42P02");

    /** A value of one type where another is needed. */
    public static final SqlState DATATYPE_MISMATCH = new SqlState("42804");

    /** A function of that name and these arguments does not exist. */
    public static final SqlState UNDEFINED_FUNCTION = new SqlState("42883");

    /** A column is used where it cannot be. */
    public static final SqlState INVALID_COLUMN_REFERENCE = new SqlState("42P10");

    /** A prepared statement of that name exists. */
    public static final SqlState DUPLICATE_PREPARED_STATEMENT = new SqlState("42P05");

    /** A portal of that name exists. */
    public static final SqlState DUPLICATE_CURSOR = new SqlState("42P03");

    /** A definition of an object that is not allowed. */
    public static final SqlState INVALID_OBJECT_DEFINITION = new SqlState("42P17");

    /** A parameter's type cannot be told. */
    public static final SqlState INDETERMINATE_DATATYPE = new SqlState("42P18");

    /** The disk is full. */
    public static final SqlState DISK_FULL = new SqlState("53100");

    /** Too many connections. */
    public static final SqlState TOO_MANY_CONNECTIONS = new SqlState("53300");

    /** A configured limit is reached. */
    public static final SqlState CONFIGURATION_LIMIT_EXCEEDED = new SqlState("53400");

    /** A limit of the program is reached. */
    public static final SqlState PROGRAM_LIMIT_EXCEEDED = new SqlState("54000");

    /** Too deep a nesting. */
    public static final SqlState STATEMENT_TOO_COMPLEX = new SqlState("54001");

    /** The object is not in the state that the command needs. */
    public static final SqlState OBJECT_NOT_IN_PREREQUISITE_STATE = new SqlState("55000");

    /** The object is in use. */
    public static final SqlState OBJECT_IN_USE = new SqlState("55006");

    /** A setting cannot be changed now. */
    public static final SqlState CANT_CHANGE_RUNTIME_PARAM = new SqlState("55P02");

    /** A lock could not be had in time. */
    public static final SqlState LOCK_NOT_AVAILABLE = new SqlState("55P03");

    /** The statement was cancelled, by a request or a time limit. */
    public static final SqlState QUERY_CANCELED = new SqlState("57014");

    /** An administrator ended the session. */
    public static final SqlState ADMIN_SHUTDOWN = new SqlState("57P01");

    /** The instance failed; the outcome of a running commit is unknown. */
    public static final SqlState CRASH_SHUTDOWN = new SqlState("57P02");

    /** The server does not take connections now. */
    public static final SqlState CANNOT_CONNECT_NOW = new SqlState("57P03");

    /** A session stayed idle for too long. */
    public static final SqlState IDLE_SESSION_TIMEOUT = new SqlState("57P05");

    /** The file system failed. */
    public static final SqlState IO_ERROR = new SqlState("58030");

    /** A file that is needed does not exist. */
    public static final SqlState UNDEFINED_FILE = new SqlState("58P01");

    /** The configuration does not parse or holds a bad value. */
    public static final SqlState CONFIG_FILE_ERROR = new SqlState("F0000");

    /** An invariant of this program is broken. */
    public static final SqlState INTERNAL_ERROR = new SqlState("XX000");

    /** What was stored is not what was written. */
    public static final SqlState DATA_CORRUPTED = new SqlState("XX001");

    /** Rejects what is not five characters. */
    public SqlState {
        if (code.length() != 5) {
            throw new IllegalArgumentException("an SQLSTATE has five characters: " + code);
        }
    }
}
