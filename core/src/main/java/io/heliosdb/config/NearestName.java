package io.heliosdb.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that a mistyped one was meant to be. */
final class NearestName {
    private NearestName() {}

    static Optional<String> of(String mistyped, Collection<String> names) {
        return within(Math.max(2, mistyped.length() / 3), mistyped, names);
    }

    static Optional<String> within(int distance, String mistyped, Collection<String> names) {
        return names.stream()
                .min(
                        Comparator.comparingInt((String name) -> distance(mistyped, name))
                                .thenComparing(name -> name))
                .filter(name -> distance(mistyped, name) <= distance);
    }

    /**
     * Insertions, deletions and replacements from one to the other (Levenshtein), one row of the
     * table at a time.
     */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
