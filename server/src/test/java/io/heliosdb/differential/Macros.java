package io.heliosdb.differential;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a script says without writing it out: {@code ${x*7999}} is 7999 times x, {@code ${hex:ff00}}
 * are two bytes, {@code ${A.pid}} is the backend pid of session A.
 *
 * @param pidOf finds a session's pid
 */
record Macros(ToIntFunction<String> pidOf) {

    private static final Pattern MACRO =
            Pattern.compile("\\$\\{(?:(\\w)\\.pid|hex:([0-9a-f]+)|([^}*]+)\\*(\\d+))}");

    byte[] expand(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Matcher matcher = MACRO.matcher(text);
        int end = 0;
        while (matcher.find()) {
            bytes.writeBytes(text.substring(end, matcher.start()).getBytes(UTF_8));
            bytes.writeBytes(value(matcher));
            end = matcher.end();
        }
        bytes.writeBytes(text.substring(end).getBytes(UTF_8));
        return bytes.toByteArray();
    }

    private byte[] value(Matcher matcher) {
        if (matcher.group(1) != null) {
            return Integer.toString(pidOf.applyAsInt(matcher.group(1))).getBytes(UTF_8);
        } else if (matcher.group(2) != null) {
            return HexFormat.of().parseHex(matcher.group(2));
        }
        return matcher.group(3).repeat(Integer.parseInt(matcher.group(4))).getBytes(UTF_8);
    }
}
