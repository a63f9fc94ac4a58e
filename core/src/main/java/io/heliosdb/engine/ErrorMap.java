package io.heliosdb.engine;

import static java.util.Map.entry;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;

import org.h2.api.ErrorCode;
import org.h2.message.DbException;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;

/**
 * Puts the store's errors into PostgreSQL's codes and words. What it has no words for is an
 * internal error that names the store's code and nothing else, since the store's messages carry
 * SQL.
 */
final class ErrorMap {
    private static final SqlState CARDINALITY = new SqlState("21000");
    private static final SqlState NULL_NOT_ALLOWED = new SqlState("22004");
    private static final SqlState DATETIME_OVERFLOW = new SqlState("22008");
    private static final SqlState INVALID_DATETIME = new SqlState("22007");
    private static final SqlState ESCAPE = new SqlState("22025");
    private static final SqlState ARRAY_SUBSCRIPT = new SqlState("2202E");
    private static final SqlState NOT_NULL = new SqlState("23502");
    private static final SqlState DEPENDENT_OBJECTS = new SqlState("2BP01");
    private static final SqlState UNDEFINED_SCHEMA = new SqlState("3F000");
    private static final SqlState DUPLICATE_TABLE = new SqlState("42P07");
    private static final SqlState DUPLICATE_SCHEMA = new SqlState("42P06");
    private static final SqlState DUPLICATE_COLUMN = new SqlState("42701");
    private static final SqlState AMBIGUOUS_COLUMN = new SqlState("42702");
    private static final SqlState GROUPING = new SqlState("42803");
    private static final SqlState WRONG_OBJECT_TYPE = new SqlState("42809");
    private static final SqlState INVALID_TABLE_DEFINITION = new SqlState("42P16");
    private static final SqlState INVALID_COLUMN_REFERENCE = new SqlState("42P10");
    private static final SqlState GENERATED_ALWAYS = new SqlState("428C9");
    private static final SqlState SEQUENCE_LIMIT = new SqlState("2200H");
    private static final SqlState TOO_MANY_COLUMNS = new SqlState("54011");
    private static final SqlState OUT_OF_MEMORY = new SqlState("53200");
    private static final SqlState DATA_CORRUPTED = new SqlState("XX001");

    /** The code under which the rule for a lost race is found. */
    private static final int CONFLICT = ErrorCode.CONCURRENT_UPDATE_1;

    /** Errors whose words follow from the store's parameters, $0 and $1, alone. */
    private static final Map<Integer, Rule> RULES =
            Map.ofEntries(
                    rule(
                            ErrorCode.COLUMN_COUNT_DOES_NOT_MATCH,
                            SqlState.SYNTAX_ERROR,
                            "the numbers of expressions and target columns do not match"),
                    rule(
                            ErrorCode.DIVISION_BY_ZERO_1,
                            SqlState.DIVISION_BY_ZERO,
                            "division by zero"),
                    rule(ErrorCode.LIKE_ESCAPE_ERROR_1, ESCAPE, "invalid escape string"),
                    rule(
                            ErrorCode.ARRAY_ELEMENT_ERROR_2,
                            ARRAY_SUBSCRIPT,
                            "array subscript out of range"),
                    rule(
                            ErrorCode.NULL_VALUE_IN_ARRAY_TARGET,
                            NULL_NOT_ALLOWED,
                            "null values are not allowed in array"),
                    rule(
                            ErrorCode.NO_DEFAULT_SET_1,
                            NOT_NULL,
                            "no default value is set for column \"$0\""),
                    rule(
                            ErrorCode.TABLE_OR_VIEW_ALREADY_EXISTS_1,
                            DUPLICATE_TABLE,
                            "relation \"$0\" already exists"),
                    rule(
                            ErrorCode.VIEW_ALREADY_EXISTS_1,
                            DUPLICATE_TABLE,
                            "relation \"$0\" already exists"),
                    rule(
                            ErrorCode.INDEX_ALREADY_EXISTS_1,
                            DUPLICATE_TABLE,
                            "relation \"$0\" already exists"),
                    rule(
                            ErrorCode.SEQUENCE_ALREADY_EXISTS_1,
                            DUPLICATE_TABLE,
                            "relation \"$0\" already exists"),
                    rule(
                            ErrorCode.TABLE_OR_VIEW_NOT_FOUND_1,
                            SqlState.UNDEFINED_TABLE,
                            "relation \"$0\" does not exist"),
                    rule(
                            ErrorCode.TABLE_OR_VIEW_NOT_FOUND_WITH_CANDIDATES_2,
                            SqlState.UNDEFINED_TABLE,
                            "relation \"$0\" does not exist"),
                    rule(
                            ErrorCode.TABLE_OR_VIEW_NOT_FOUND_DATABASE_EMPTY_1,
                            SqlState.UNDEFINED_TABLE,
                            "relation \"$0\" does not exist"),
                    rule(
                            ErrorCode.VIEW_NOT_FOUND_1,
                            SqlState.UNDEFINED_TABLE,
                            "view \"$0\" does not exist"),
                    rule(
                            ErrorCode.SEQUENCE_NOT_FOUND_1,
                            SqlState.UNDEFINED_TABLE,
                            "relation \"$0\" does not exist"),
                    rule(
                            ErrorCode.INDEX_NOT_FOUND_1,
                            SqlState.UNDEFINED_OBJECT,
                            "index \"$0\" does not exist"),
                    rule(
                            ErrorCode.CONSTRAINT_NOT_FOUND_1,
                            SqlState.UNDEFINED_OBJECT,
                            "constraint \"$0\" does not exist"),
                    rule(
                            ErrorCode.CONSTRAINT_ALREADY_EXISTS_1,
                            SqlState.DUPLICATE_OBJECT,
                            "constraint \"$0\" already exists"),
                    rule(
                            ErrorCode.DOMAIN_ALREADY_EXISTS_1,
                            SqlState.DUPLICATE_OBJECT,
                            "type \"$0\" already exists"),
                    rule(
                            ErrorCode.DOMAIN_NOT_FOUND_1,
                            SqlState.UNDEFINED_OBJECT,
                            "type \"$0\" does not exist"),
                    rule(
                            ErrorCode.UNKNOWN_DATA_TYPE_1,
                            SqlState.UNDEFINED_OBJECT,
                            "type \"$0\" does not exist"),
                    rule(
                            ErrorCode.DUPLICATE_COLUMN_NAME_1,
                            DUPLICATE_COLUMN,
                            "column \"$0\" specified more than once"),
                    rule(
                            ErrorCode.COLUMN_NOT_FOUND_1,
                            SqlState.UNDEFINED_COLUMN,
                            "column \"$0\" does not exist"),
                    rule(
                            ErrorCode.AMBIGUOUS_COLUMN_NAME_1,
                            AMBIGUOUS_COLUMN,
                            "column reference \"$0\" is ambiguous"),
                    rule(
                            ErrorCode.MUST_GROUP_BY_COLUMN_1,
                            GROUPING,
                            "column \"$0\" must appear in the GROUP BY clause or be used in an"
                                    + " aggregate function"),
                    rule(
                            ErrorCode.INVALID_USE_OF_AGGREGATE_FUNCTION_1,
                            GROUPING,
                            "aggregate functions are not allowed here"),
                    rule(
                            ErrorCode.SUBQUERY_IS_NOT_SINGLE_COLUMN,
                            SqlState.SYNTAX_ERROR,
                            "subquery must return only one column"),
                    rule(
                            ErrorCode.SCALAR_SUBQUERY_CONTAINS_MORE_THAN_ONE_ROW,
                            CARDINALITY,
                            "more than one row returned by a subquery used as an expression"),
                    rule(
                            ErrorCode.ORDER_BY_NOT_IN_RESULT,
                            INVALID_COLUMN_REFERENCE,
                            "ORDER BY position $0 is not in select list"),
                    rule(
                            ErrorCode.SECOND_PRIMARY_KEY,
                            INVALID_TABLE_DEFINITION,
                            "multiple primary keys for table are not allowed"),
                    rule(
                            ErrorCode.COLUMN_CONTAINS_NULL_VALUES_1,
                            NOT_NULL,
                            "column \"$0\" contains null values"),
                    rule(
                            ErrorCode.SCHEMA_ALREADY_EXISTS_1,
                            DUPLICATE_SCHEMA,
                            "schema \"$0\" already exists"),
                    rule(
                            ErrorCode.SCHEMA_NOT_FOUND_1,
                            UNDEFINED_SCHEMA,
                            "schema \"$0\" does not exist"),
                    rule(
                            ErrorCode.CANNOT_DROP_2,
                            DEPENDENT_OBJECTS,
                            "cannot drop $0 because other objects depend on it"),
                    rule(
                            ErrorCode.COLUMN_IS_REFERENCED_1,
                            DEPENDENT_OBJECTS,
                            "cannot drop column because other objects depend on it"),
                    rule(
                            ErrorCode.CANNOT_DROP_LAST_COLUMN,
                            SqlState.FEATURE_NOT_SUPPORTED,
                            "a table without columns is not supported"),
                    rule(
                            ErrorCode.SEQUENCE_BELONGS_TO_A_TABLE_1,
                            DEPENDENT_OBJECTS,
                            "cannot drop sequence $0 because other objects depend on it"),
                    rule(
                            ErrorCode.INDEX_BELONGS_TO_CONSTRAINT_2,
                            DEPENDENT_OBJECTS,
                            "cannot drop index $0 because constraint $1 requires it"),
                    rule(
                            ErrorCode.CANNOT_TRUNCATE_1,
                            SqlState.FEATURE_NOT_SUPPORTED,
                            "cannot truncate a table referenced in a foreign key constraint"),
                    rule(
                            ErrorCode.TYPES_ARE_NOT_COMPARABLE_2,
                            SqlState.UNDEFINED_FUNCTION,
                            "operator does not exist: $0 and $1 are not comparable"),
                    rule(
                            ErrorCode.SUM_OR_AVG_ON_WRONG_DATATYPE_1,
                            SqlState.UNDEFINED_FUNCTION,
                            "sum and avg do not exist for this type"),
                    rule(
                            ErrorCode.PARAMETER_NOT_SET_1,
                            SqlState.UNDEFINED_PARAMETER,
                            "there is no parameter $0"),
                    rule(
                            ErrorCode.INVALID_VALUE_2,
                            SqlState.INVALID_PARAMETER_VALUE,
                            "invalid value \"$0\" for $1"),
                    rule(
                            ErrorCode.GENERATED_COLUMN_CANNOT_BE_ASSIGNED_1,
                            GENERATED_ALWAYS,
                            "cannot insert a non-DEFAULT value into column \"$0\""),
                    rule(
                            ErrorCode.STEP_SIZE_MUST_NOT_BE_ZERO,
                            SqlState.INVALID_PARAMETER_VALUE,
                            "step size cannot equal zero"),
                    rule(
                            ErrorCode.SEQUENCE_EXHAUSTED,
                            SEQUENCE_LIMIT,
                            "nextval: reached maximum value of sequence \"$0\""),
                    rule(
                            ErrorCode.CURRENT_SEQUENCE_VALUE_IS_NOT_DEFINED_IN_SESSION_1,
                            SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                            "currval of sequence \"$0\" is not yet defined in this session"),
                    rule(
                            ErrorCode.WRONG_OBJECT_TYPE,
                            WRONG_OBJECT_TYPE,
                            "\"$0\" is of the wrong kind"),
                    rule(
                            ErrorCode.TOO_MANY_COLUMNS_1,
                            TOO_MANY_COLUMNS,
                            "tables can have at most $0 columns"),
                    rule(
                            ErrorCode.NAME_TOO_LONG_2,
                            SqlState.NAME_TOO_LONG,
                            "identifier \"$0\" is too long"),
                    rule(ErrorCode.DEADLOCK_1, SqlState.DEADLOCK_DETECTED, "deadlock detected"),
                    rule(
                            ErrorCode.CONCURRENT_UPDATE_1,
                            SqlState.SERIALIZATION_FAILURE,
                            "could not serialize access due to concurrent update"),
                    rule(
                            ErrorCode.ADMIN_RIGHTS_REQUIRED,
                            SqlState.INSUFFICIENT_PRIVILEGE,
                            "permission denied"),
                    rule(
                            ErrorCode.NOT_ENOUGH_RIGHTS_FOR_1,
                            SqlState.INSUFFICIENT_PRIVILEGE,
                            "permission denied for $0"),
                    rule(
                            ErrorCode.FEATURE_NOT_SUPPORTED_1,
                            SqlState.FEATURE_NOT_SUPPORTED,
                            "this is not supported: $0"),
                    rule(
                            ErrorCode.FOR_UPDATE_IS_NOT_ALLOWED_IN_DISTINCT_OR_GROUPED_SELECT,
                            SqlState.FEATURE_NOT_SUPPORTED,
                            "FOR UPDATE is not allowed with DISTINCT or GROUP BY clause"),
                    rule(ErrorCode.OUT_OF_MEMORY, OUT_OF_MEMORY, "out of memory"),
                    rule(
                            ErrorCode.FILE_CORRUPTED_1,
                            DATA_CORRUPTED,
                            "the database file is damaged"),
                    rule(
                            ErrorCode.INVALID_DATETIME_CONSTANT_2,
                            INVALID_DATETIME,
                            "invalid input syntax for type $0: \"$1\""));

    private record Rule(SqlState state, String words) {}

    private ErrorMap() {}

    /**
     * Translates.
     *
     * @param sql the statement, as the store got it
     * @param table the table it changes, or null
     */
    static PgException translate(DbException e, String sql, @Nullable String table) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof PgException ours) {
                return ours;
            }
        }
        return new PgException(worded(e, sql, table).report(), e);
    }

    /** An error of the store's lower half, or of our own making, that reached a statement. */
    static RuntimeException unexpected(RuntimeException e) {
        if (e instanceof MVStoreException) {
            return storeFailure(e);
        }
        return e;
    }

    static PgException storeFailure(Exception e) {
        boolean full = String.valueOf(deepestMessage(e)).contains("No space left on device");
        var state = full ? SqlState.DISK_FULL : SqlState.IO_ERROR;
        String words = "could not write the database: " + deepestMessage(e);
        return new PgException(Report.of(Severity.ERROR, state, words), e);
    }

    /** What the store says, without SQL. */
    static String plainMessage(DbException e) {
        return ErrorParameters.message(e);
    }

    private static PgException worded(DbException e, String sql, @Nullable String table) {
        SQLException inner = e.getSQLException();
        int code = inner.getErrorCode();
        String[] parameters = ErrorParameters.of(e);
        return switch (code) {
            case ErrorCode.SYNTAX_ERROR_1, ErrorCode.SYNTAX_ERROR_2 ->
                    SyntaxErrors.translate(parameters[0]);
            case ErrorCode.FUNCTION_NOT_FOUND_1, ErrorCode.METHOD_NOT_FOUND_1 ->
                    SyntaxErrors.unknownFunction(parameters[0], sql);
            case ErrorCode.NULL_NOT_ALLOWED -> ConstraintErrors.notNull(parameters[0], table);
            case ErrorCode.DUPLICATE_KEY_1 -> ConstraintErrors.unique(parameters[0]);
            case ErrorCode.REFERENTIAL_INTEGRITY_VIOLATED_CHILD_EXISTS_1 ->
                    ConstraintErrors.stillReferenced(parameters[0]);
            case ErrorCode.REFERENTIAL_INTEGRITY_VIOLATED_PARENT_MISSING_1 ->
                    ConstraintErrors.notPresent(parameters[0]);
            case ErrorCode.CHECK_CONSTRAINT_VIOLATED_1, ErrorCode.CHECK_CONSTRAINT_INVALID ->
                    ConstraintErrors.check(parameters.length == 0 ? "" : parameters[0], table);
            case ErrorCode.DATA_CONVERSION_ERROR_1 -> ValueErrors.conversion(e, parameters[0]);
            case ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE_1, ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE_2 ->
                    ValueErrors.outOfRange(e);
            case ErrorCode.VALUE_TOO_LONG_2 -> ValueErrors.tooLong(parameters[0]);
            case ErrorCode.ENUM_VALUE_NOT_PERMITTED ->
                    new PgException(
                            SqlState.INVALID_TEXT_REPRESENTATION,
                            "invalid input value for enum: \""
                                    + parameters[parameters.length - 1].replace("'", "")
                                    + '"');
            case ErrorCode.INVALID_PARAMETER_COUNT_2 ->
                    SyntaxErrors.unknownFunction(parameters[0], sql);
            case ErrorCode.INVALID_VALUE_2 -> invalidValue(parameters);
            case ErrorCode.INVALID_DATETIME_CONSTANT_2 ->
                    dateTime(parameters[0].toLowerCase(Locale.ROOT), parameters[1]);
            case ErrorCode.EXCEPTION_IN_FUNCTION_1 ->
                    new PgException(SqlState.INTERNAL_ERROR, "a function failed");
            case ErrorCode.DEADLOCK_1 -> byRule(isConflict(e) ? CONFLICT : code, parameters);
            case ErrorCode.IO_EXCEPTION_1, ErrorCode.IO_EXCEPTION_2 -> storeFailure(e);
            case ErrorCode.DATABASE_IS_CLOSED ->
                    PgException.fatal(
                            SqlState.CRASH_SHUTDOWN, "the database has been closed by a failure");
            default -> byRule(code, parameters);
        };
    }

    /**
     * The store calls it a deadlock, but without its story, when a snapshot meets a row that was
     * changed after it was taken.
     */
    private static boolean isConflict(DbException e) {
        return e.getCause() instanceof SQLException inner
                && inner.getCause() instanceof MVStoreException reason
                && !String.valueOf(reason.getMessage()).contains("Transaction");
    }

    private static PgException byRule(int code, String[] parameters) {
        Rule rule = RULES.get(code);
        if (rule == null) {
            return new PgException(
                    SqlState.INTERNAL_ERROR, "internal error of the store, code " + code);
        }
        String words = rule.words;
        for (int i = 0; i < parameters.length; i++) {
            words = words.replace("$" + i, unqualified(parameters[i]));
        }
        return new PgException(rule.state, words);
    }

    private static PgException invalidValue(String[] parameters) {
        return switch (parameters[parameters.length - 1]) {
            case "result FETCH" ->
                    new PgException(new SqlState("2201W"), "LIMIT must not be negative");
            case "result OFFSET" ->
                    new PgException(new SqlState("2201X"), "OFFSET must not be negative");
            default -> byRule(ErrorCode.INVALID_VALUE_2, parameters);
        };
    }

    private static PgException dateTime(String type, String text) {
        if (text.matches("[+-]?\\d{1,6}-\\d{1,2}-\\d{1,2}.*|\\d{1,2}:\\d{1,2}(:\\d{1,2}.*)?")) {
            return new PgException(
                    DATETIME_OVERFLOW, "date/time field value out of range: \"" + text + "\"");
        }
        return new PgException(
                INVALID_DATETIME, "invalid input syntax for type " + type + ": \"" + text + "\"");
    }

    /** Names of the main schema are told without it, as they were written. */
    private static String unqualified(String name) {
        return name.startsWith("public.") ? name.substring("public.".length()) : name;
    }

    private static @Nullable String deepestMessage(Throwable e) {
        String message = e.getMessage();
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException && cause.getMessage() != null) {
                message = cause.getMessage();
            }
        }
        return message;
    }

    private static Map.Entry<Integer, Rule> rule(int code, SqlState state, String words) {
        return entry(code, new Rule(state, words));
    }
}
