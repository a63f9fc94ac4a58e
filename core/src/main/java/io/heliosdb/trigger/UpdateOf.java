package io.heliosdb.trigger;

import java.util.regex.Pattern;

/** Finds a column of {@code UPDATE OF} in the text it was written in, to point at it. */
final class UpdateOf {
    private static final Pattern OF = Pattern.compile("\\bOF\\b", Pattern.CASE_INSENSITIVE);

    private UpdateOf() {}

    /** The position of a column's name, in characters from 1; 0 where it is written otherwise. */
    static int position(String source, String column) {
        var of = OF.matcher(source);
        if (!of.find()) {
            return 0;
        }
        var name =
                Pattern.compile(
                        "(?<![\\w$])\"?" + Pattern.quote(column) + "(?![\\w$])",
                        Pattern.CASE_INSENSITIVE);
        var found = name.matcher(source);
        return found.find(of.end()) ? source.codePointCount(0, found.start()) + 1 : 0;
    }
}
