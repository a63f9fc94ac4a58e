package io.heliosdb.differential;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How HeliosDB-Lite is known to answer otherwise in a case. Where the difference has a name, only
 * that is overlooked and the rest of the transcripts must still be equal.
 *
 * @param aspect what is overlooked; without one the transcripts are different altogether
 * @param reason why
 */
record Difference(Optional<String> aspect, String reason) {

    private static final Pattern LINE = Pattern.compile("differs(?: in ([a-z ]+))?: (.+)");

    private static final Map<String, Pattern> ASPECTS =
            Map.of(
                    "columns before an error",
                            Pattern.compile("(?m)^  T .*\n(?:  D .*\n)*(?=  E )"),
                    "parse before an error", Pattern.compile("(?m)^  1\n(?=  E )"),
                    "context", Pattern.compile(" where \".*\""),
                    "position", Pattern.compile(" at \"\\d+\""),
                    "detail", Pattern.compile(" detail \".*?\"(?= hint| where|\n|$)"),
                    "parameter status", Pattern.compile("(?m)^  S .*\n"),
                    "notices", Pattern.compile("(?m)^  N .*\n"),
                    "type modifiers", Pattern.compile("(?<=:\\d{1,5}/-?\\d{1,5})/-?\\d+"));

    /** The difference that a line of a script states, if it is such a line. */
    static Optional<Difference> of(String line) {
        var matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Optional<String> aspect = Optional.ofNullable(matcher.group(1));
        if (aspect.isPresent() && !ASPECTS.containsKey(aspect.get())) {
            throw new IllegalArgumentException("no aspect of " + ASPECTS.keySet() + ": " + line);
        }
        return Optional.of(new Difference(aspect, matcher.group(2)));
    }

    /** The transcript without what is overlooked. */
    String overlook(String transcript) {
        return aspect.map(name -> ASPECTS.get(name).matcher(transcript).replaceAll(""))
                .orElse(transcript);
    }
}
