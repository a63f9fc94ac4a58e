package io.heliosdb.differential;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

/**
 * One message of the server as it stood on the wire, and how a transcript shows it. It is decoded
 * here and not by the product's own codec, so that a mistake there cannot hide itself.
 *
 * @param type the type byte
 * @param body without type and length
 */
@SuppressWarnings("ArrayRecordComponent") // a test's value, compared by its transcript only
record Message(char type, byte[] body) {

    private static final int SHOWN_MAX = 100;
    private static final Pattern NO_TEXT = Pattern.compile("[\\x00-\\x08\\x0e-\\x1f\\x7f\\ufffd]");

    /** True for what a server may send at any moment, asked or not. */
    boolean isUnasked() {
        return type == 'A' || type == 'N' || type == 'S';
    }

    /** ReadyForQuery's transaction status. */
    char status() {
        return (char) body[0];
    }

    int notifierPid() {
        return ByteBuffer.wrap(body).getInt();
    }

    String channel() {
        return strings(4).getFirst();
    }

    String payload() {
        return strings(4).get(1);
    }

    /** Fields of an ErrorResponse or NoticeResponse by their code. */
    Map<Character, String> fields() {
        Map<Character, String> fields = new LinkedHashMap<>();
        for (String field : strings(0)) {
            if (!field.isEmpty()) {
                fields.put(field.charAt(0), field.substring(1));
            }
        }
        return fields;
    }

    String sqlState() {
        return fields().getOrDefault('C', "");
    }

    /** The values of a DataRow as text, null as "null", bytes that are no text in hex. */
    List<String> texts() {
        ByteBuffer buffer = ByteBuffer.wrap(body);
        List<String> texts = new ArrayList<>();
        for (int n = buffer.getShort(); n > 0; n--) {
            int length = buffer.getInt();
            if (length < 0) {
                texts.add("null");
            } else {
                byte[] value = new byte[length];
                buffer.get(value);
                String text = new String(value, StandardCharsets.UTF_8);
                boolean binary = NO_TEXT.matcher(text).find();
                texts.add(binary ? "x" + HexFormat.of().formatHex(value) : text);
            }
        }
        return texts;
    }

    /**
     * One transcript line.
     *
     * @param sessionOf names the session that has a pid, or gives the number back
     */
    String show(IntFunction<String> sessionOf) {
        return switch (type) {
            case 'A' ->
                    "A %s %s from %s"
                            .formatted(
                                    quote(channel()),
                                    quote(payload()),
                                    sessionOf.apply(notifierPid()));
            case 'C' -> "C " + strings(0).getFirst();
            case 'D' -> "D " + row(sessionOf);
            case 'E' -> "E " + report();
            case 'N' -> "N " + report();
            case 'S' -> "S " + String.join("=", strings(0));
            case 'T' -> "T " + columns();
            case 't' -> "t " + oids();
            case 'Z' -> "Z " + status();
            case 'd' -> "d " + copied();
            case '1', '2', '3', 'I', 'c', 'n', 's' -> String.valueOf(type);
            default -> type + " " + HexFormat.of().formatHex(body);
        };
    }

    private String row(IntFunction<String> sessionOf) {
        StringJoiner joiner = new StringJoiner(" | ");
        for (String text : texts()) {
            boolean number = text.matches("[1-9][0-9]{0,8}");
            String shown = number ? sessionOf.apply(Integer.parseInt(text)) : text;
            joiner.add(shown.equals(text) ? quote(text) : shown);
        }
        return joiner.toString();
    }

    private String copied() {
        String text = new String(body, StandardCharsets.UTF_8);
        return NO_TEXT.matcher(text).find()
                ? "x" + HexFormat.of().formatHex(body)
                : quote(text.replace('\n', '¶').replace('\t', '→'));
    }

    private String report() {
        Map<Character, String> fields = fields();
        StringBuilder report = new StringBuilder();
        report.append(fields.get('V')).append(' ').append(fields.get('C'));
        report.append(' ').append(quote(fields.getOrDefault('M', "")));
        Map.of('P', "at", 'D', "detail", 'H', "hint", 'W', "where").entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .filter(entry -> fields.containsKey(entry.getKey()))
                .forEach(entry ->
                        report.append(' ')
                                .append(entry.getValue())
                                .append(' ')
                                .append(quote(fields.getOrDefault(entry.getKey(), ""))));
        return report.toString();
    }

    private String columns() {
        ByteBuffer buffer = ByteBuffer.wrap(body);
        StringJoiner joiner = new StringJoiner(", ");
        for (int n = buffer.getShort(); n > 0; n--) {
            String name = string(buffer);
            buffer.getInt();
            buffer.getShort();
            int oid = buffer.getInt();
            int size = buffer.getShort();
            int modifier = buffer.getInt();
            String format = buffer.getShort() == 1 ? " binary" : "";
            joiner.add("%s:%d/%d/%d%s".formatted(name, oid, size, modifier, format));
        }
        return joiner.toString();
    }

    private String oids() {
        ByteBuffer buffer = ByteBuffer.wrap(body);
        StringJoiner joiner = new StringJoiner(", ");
        for (int n = buffer.getShort(); n > 0; n--) {
            joiner.add(Integer.toString(buffer.getInt()));
        }
        return joiner.toString();
    }

    /** All zero-terminated strings from an offset on. */
    private List<String> strings(int from) {
        ByteBuffer buffer = ByteBuffer.wrap(body).position(from);
        List<String> strings = new ArrayList<>();
        while (buffer.hasRemaining()) {
            strings.add(string(buffer));
        }
        return strings;
    }

    private static String string(ByteBuffer buffer) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (byte b = buffer.get(); b != 0; b = buffer.get()) {
            text.write(b);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static String quote(String text) {
        String shown = text;
        if (text.length() > SHOWN_MAX) {
            shown =
                    "%s…%s (%d characters, hash %x)"
                            .formatted(
                                    text.substring(0, 20),
                                    text.substring(text.length() - 20),
                                    text.length(),
                                    text.hashCode());
        }
        return "\"" + shown.replace("\n", "\\n") + "\"";
    }
}
