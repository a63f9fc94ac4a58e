package io.heliosdb.pg.proto;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Texts of one type, good and bad, from a file beside this class: a line with the type's name, then
 * a line for each text between two bars.
 *
 * @param type its name
 * @param texts what a client may send; hexadecimal where they are binary
 */
record ValueSamples(String type, List<String> texts) {
    static List<ValueSamples> in(String file) {
        var all = new ArrayList<ValueSamples>();
        for (var line : lines(file)) {
            if (line.startsWith("    |")) {
                all.getLast().texts().add(line.substring(5, line.lastIndexOf('|')));
            } else if (!line.startsWith("#")) {
                all.add(new ValueSamples(line, new ArrayList<>()));
            }
        }
        return all;
    }

    static ValueSamples of(String type) {
        return in("texts.txt").stream()
                .filter(samples -> samples.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> lines(String file) {
        try (var in = ValueSamples.class.getResourceAsStream(file)) {
            var text = new String(Objects.requireNonNull(in, file).readAllBytes(), UTF_8);
            return List.of(text.split("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
