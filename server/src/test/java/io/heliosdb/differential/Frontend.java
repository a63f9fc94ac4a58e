package io.heliosdb.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A message of a batch, as its line of the script has it.
 *
 * <pre>
 * parse [NAME] [types OID,…]: SQL
 * bind [PORTAL] [from STATEMENT] [params binary] [results binary][: VALUE, …]     VALUE: null, 'text' or x'hex'
 * describe statement|portal [NAME]      close statement|portal [NAME]
 * execute [PORTAL] [max ROWS]           sync      flush      query SQL
 * data: BYTES     done     fail: REASON      of a COPY; ¶ ends a line and → is a tabulator
 * </pre>
 *
 * @param type the message's type byte
 * @param answers types that end the server's answer to it, should it not fail
 * @param parts the body's parts: text that still has macros, or bytes
 */
record Frontend(char type, String answers, List<Object> parts) {

    private static final Pattern PARSE =
            Pattern.compile("parse(?: (\\w+))?(?: types ([0-9,]+))?:(?: (.*))?", Pattern.DOTALL);
    private static final Pattern BIND =
            Pattern.compile(
                    "bind(?: (?!from|params|results)(\\w+))?(?: from (\\w+))?( params binary)?("
                            + " results binary)?(?:: (.*))?",
                    Pattern.DOTALL);
    private static final Pattern CALL =
            Pattern.compile("call (\\d+)( binary)?( result binary)?(?:: (.*))?", Pattern.DOTALL);
    private static final Pattern NAMED =
            Pattern.compile("(describe|close) (statement|portal)(?: (\\w+))?");
    private static final Pattern EXECUTE =
            Pattern.compile("execute(?: (?!max)(\\w+))?(?: max (\\d+))?");
    private static final Pattern VALUE =
            Pattern.compile("\\G(?:(null)|'([^']*)'|x'([0-9a-f]*)')(?:, |$)");

    static Frontend of(String text) {
        String word = text.split("[ :]", 2)[0];
        return switch (word) {
            case "sync" -> new Frontend('S', "Z", List.of());
            case "flush" -> new Frontend('H', "", List.of());
            case "query" -> new Frontend('Q', "Z", List.of(new Terminated(text.substring(6))));
            case "data" -> new Frontend('d', "", List.of(new Raw(after(text))));
            case "done" -> new Frontend('c', "", List.of());
            case "fail" -> new Frontend('f', "", List.of(new Terminated(after(text))));
            case "parse" -> parse(matched(PARSE, text));
            case "bind" -> bind(matched(BIND, text));
            case "execute" -> execute(matched(EXECUTE, text));
            case "call" -> call(matched(CALL, text));
            case "describe", "close" -> named(matched(NAMED, text));
            default -> throw new IllegalArgumentException("no message: " + text);
        };
    }

    private static String after(String text) {
        int colon = text.indexOf(": ");
        return colon < 0 ? "" : text.substring(colon + 2).replace('¶', '\n').replace('→', '\t');
    }

    private static Matcher matched(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no message: " + text);
        }
        return matcher;
    }

    private static Frontend execute(Matcher matcher) {
        int rows = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        Terminated portal = new Terminated(orEmpty(matcher.group(1)));
        return new Frontend('E', "CIs", List.of(portal, Peer.int32(rows)));
    }

    private static Frontend parse(Matcher matcher) {
        List<Object> parts = new ArrayList<>();
        parts.add(new Terminated(orEmpty(matcher.group(1))));
        parts.add(new Terminated(orEmpty(matcher.group(3))));
        String types = orEmpty(matcher.group(2));
        String[] oids = types.isEmpty() ? new String[0] : types.split(",");
        parts.add(Peer.int16(oids.length));
        for (String oid : oids) {
            parts.add(Peer.int32(Integer.parseInt(oid)));
        }
        return new Frontend('P', "1", parts);
    }

    private static Frontend bind(Matcher matcher) {
        List<Object> values = values(orEmpty(matcher.group(5)));
        List<Object> parts = new ArrayList<>();
        parts.add(new Terminated(orEmpty(matcher.group(1))));
        parts.add(new Terminated(orEmpty(matcher.group(2))));
        addFormat(parts, matcher.group(3) != null);
        parts.add(Peer.int16(values.size()));
        for (Object value : values) {
            parts.add(value);
        }
        addFormat(parts, matcher.group(4) != null);
        return new Frontend('B', "2", parts);
    }

    private static Frontend call(Matcher matcher) {
        List<Object> values = values(orEmpty(matcher.group(4)));
        List<Object> parts = new ArrayList<>();
        parts.add(Peer.int32(Integer.parseInt(matcher.group(1))));
        addFormat(parts, matcher.group(2) != null);
        parts.add(Peer.int16(values.size()));
        parts.addAll(values);
        parts.add(Peer.int16(matcher.group(3) != null ? 1 : 0));
        return new Frontend('F', "Z", parts);
    }

    private static void addFormat(List<Object> parts, boolean binary) {
        parts.add(Peer.int16(binary ? 1 : 0));
        if (binary) {
            parts.add(Peer.int16(1));
        }
    }

    private static List<Object> values(String list) {
        List<Object> values = new ArrayList<>();
        Matcher matcher = VALUE.matcher(list);
        int end = 0;
        while (end < list.length() && matcher.find()) {
            if (matcher.group(1) != null) {
                values.add(Peer.int32(-1));
            } else if (matcher.group(2) != null) {
                values.add(new Counted(matcher.group(2)));
            } else {
                values.add(new Counted(matcher.group(3).replaceAll("(..)", "\\${hex:$1}")));
            }
            end = matcher.end();
        }
        if (end != list.length()) {
            throw new IllegalArgumentException("no values: " + list);
        }
        return values;
    }

    private static Frontend named(Matcher matcher) {
        boolean close = matcher.group(1).equals("close");
        byte[] letter = {(byte) (matcher.group(2).equals("statement") ? 'S' : 'P')};
        Terminated name = new Terminated(orEmpty(matcher.group(3)));
        return new Frontend(close ? 'C' : 'D', close ? "3" : "Tn", List.of(letter, name));
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    /** The message's bytes. */
    byte[] encode(Macros macros) {
        byte[][] bodies = parts.stream().map(part -> encode(part, macros)).toArray(byte[][]::new);
        return Peer.message(type, bodies);
    }

    private static byte[] encode(Object part, Macros macros) {
        return switch (part) {
            case Terminated(var text) -> Bytes.join(macros.expand(text), new byte[1]);
            case Raw(var text) -> macros.expand(text);
            case Counted(var text) -> {
                byte[] value = macros.expand(text);
                yield Bytes.join(Peer.int32(value.length), value);
            }
            case byte[] bytes -> bytes;
            default -> throw new IllegalStateException("part " + part);
        };
    }

    /** Text as it is. */
    private record Raw(String text) {}

    /** Text that ends with a zero byte. */
    private record Terminated(String text) {}

    /** Text that follows its length. */
    private record Counted(String text) {}
}
