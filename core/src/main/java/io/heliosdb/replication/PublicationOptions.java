package io.heliosdb.replication;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.replication.Publication.Actions;
import io.heliosdb.sql.PublicationStatement.Option;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The options of CREATE and ALTER PUBLICATION.
 *
 * @param actions {@code publish}
 * @param viaRoot {@code publish_via_partition_root}
 */
record PublicationOptions(Actions actions, boolean viaRoot) {
    static final PublicationOptions DEFAULT = new PublicationOptions(Actions.ALL, false);

    /**
     * These with some given anew.
     *
     * @throws PgException 42601 for an option or a value that does not exist
     */
    PublicationOptions with(List<Option> given) {
        var published = actions;
        boolean root = viaRoot;
        for (var option : given) {
            switch (option.name()) {
                case "publish" ->
                        published =
                                actions(
                                        option.value()
                                                .orElseThrow(() ->
                                                        new PgException(
                                                                SqlState.SYNTAX_ERROR,
                                                                "publish requires a"
                                                                        + " parameter")));
                case "publish_via_partition_root" -> {
                    root = flag(option.name(), option.value());
                    if (root) {
                        throw new PgException(
                                        SqlState.FEATURE_NOT_SUPPORTED,
                                        option.name() + " is not supported")
                                .withHint("There are no partitioned tables here.");
                    }
                }
                default ->
                        throw new PgException(
                                SqlState.SYNTAX_ERROR,
                                "unrecognized publication parameter: \"" + option.name() + '"');
            }
        }
        return new PublicationOptions(published, root);
    }

    private static Actions actions(String list) {
        boolean insert = false;
        boolean update = false;
        boolean delete = false;
        boolean truncate = false;
        for (String word : list.isBlank() ? new String[0] : list.split(",", -1)) {
            switch (word.strip().toLowerCase(Locale.ROOT)) {
                case "insert" -> insert = true;
                case "update" -> update = true;
                case "delete" -> delete = true;
                case "truncate" -> truncate = true;
                default ->
                        throw new PgException(
                                SqlState.SYNTAX_ERROR,
                                "unrecognized value for publication option \"publish\": \""
                                        + word.strip()
                                        + '"');
            }
        }
        return new Actions(insert, update, delete, truncate);
    }

    private static boolean flag(String name, Optional<String> value) {
        return switch (value.orElse("true").toLowerCase(Locale.ROOT)) {
            case "true", "on", "1" -> true;
            case "false", "off", "0" -> false;
            default ->
                    throw new PgException(
                            SqlState.SYNTAX_ERROR, name + " requires a Boolean value");
        };
    }
}
