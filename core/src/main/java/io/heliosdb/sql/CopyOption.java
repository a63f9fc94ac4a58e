package io.heliosdb.sql;

import java.util.List;
import java.util.Optional;

/**
 * An option of COPY as it was written; what it means is found out when the statement runs.
 *
 * @param name its name, folded
 * @param word a word, string or number after it
 * @param list names in parentheses after it; a star alone is {@code *}
 * @param position where it stands in the string of statements, in characters from 1
 */
public record CopyOption(
        String name, Optional<String> word, Optional<List<String>> list, int position) {
    /** The list of all columns. */
    public static final List<String> ALL = List.of("*");
}
