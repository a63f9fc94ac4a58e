package io.heliosdb.trigger.routine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a rewritten call says of its routine: {@code oid[v][:place,place …]}, several of them with
 * {@code |} in between where only the arguments' values tell which is meant.
 *
 * @param choices what may be meant
 */
record CallSpec(List<Choice> choices) {
    /**
     * A routine that may be meant.
     *
     * @param oid the routine
     * @param isExpanded whether the last arguments become the array of a VARIADIC parameter
     * @param places the input that each argument is; empty where they are in order
     */
    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    record Choice(int oid, boolean isExpanded, int[] places) {
        int place(int argument) {
            return places.length == 0 ? argument : places[argument];
        }
    }

    static CallSpec parse(String text) {
        var choices = new ArrayList<Choice>();
        for (String part : text.split("\\|", -1)) {
            int colon = part.indexOf(':');
            String head = colon < 0 ? part : part.substring(0, colon);
            boolean isExpanded = head.endsWith("v");
            int oid = Integer.parseInt(isExpanded ? head.substring(0, head.length() - 1) : head);
            int[] places =
                    colon < 0 || colon == part.length() - 1
                            ? new int[0]
                            : Arrays.stream(part.substring(colon + 1).split(",", -1))
                                    .mapToInt(Integer::parseInt)
                                    .toArray();
            choices.add(new Choice(oid, isExpanded, places));
        }
        return new CallSpec(List.copyOf(choices));
    }
}
