package io.heliosdb.engine;

import org.h2.jdbc.JdbcException;
import org.h2.message.DbException;
import org.h2.util.Utils;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes the parameters out of the store's messages again, by the templates that they were made
 * from.
 */
final class ErrorParameters {
    private static final String TEMPLATES = "/org/h2/res/_messages_en.prop";
    private static final Pattern PLACE = Pattern.compile("\\{(\\d)}");
    private static final Properties MESSAGES = load();
    private static final Map<String, Template> COMPILED = new ConcurrentHashMap<>();

    /**
     * A message with groups where its parameters are.
     *
     * @param pattern the message
     * @param places the number of the parameter for each group
     */
    private record Template(Pattern pattern, List<Integer> places) {}

    private ErrorParameters() {}

    /** The parameters by their numbers; as many as the template has, or empty ones. */
    static String[] of(DbException e) {
        SQLException inner = e.getSQLException();
        Template template = template(inner);
        var parameters = new String[template.places.size()];
        Arrays.fill(parameters, "");
        Matcher matcher = template.pattern.matcher(message(e));
        if (matcher.find()) {
            for (int i = 0; i < parameters.length; i++) {
                parameters[template.places.get(i)] = unquoted(matcher.group(i + 1));
            }
        }
        return parameters;
    }

    /** The message without the statement that the store appends. */
    static String message(DbException e) {
        SQLException inner = e.getSQLException();
        String message =
                inner instanceof JdbcException own ? own.getOriginalMessage() : inner.getMessage();
        return String.valueOf(message);
    }

    private static Template template(SQLException e) {
        return COMPILED.computeIfAbsent(String.valueOf(e.getSQLState()), ErrorParameters::compile);
    }

    private static Template compile(String state) {
        String text = MESSAGES.getProperty(state, "");
        var regex = new StringBuilder();
        var places = new ArrayList<Integer>();
        int from = 0;
        Matcher place = PLACE.matcher(text);
        while (place.find()) {
            regex.append(Pattern.quote(text.substring(from, place.start()))).append("(.*)");
            places.add(Integer.parseInt(place.group(1)));
            from = place.end();
        }
        regex.append(Pattern.quote(text.substring(from))).append('$');
        return new Template(Pattern.compile(regex.toString(), Pattern.DOTALL), List.copyOf(places));
    }

    private static String unquoted(String parameter) {
        int last = parameter.length() - 1;
        if (last < 1 || parameter.charAt(0) != '"' || parameter.charAt(last) != '"') {
            return parameter;
        }
        return parameter.substring(1, last).replace("\"\"", "\"");
    }

    private static Properties load() {
        var messages = new Properties();
        try {
            byte[] bytes = Utils.getResource(TEMPLATES);
            if (bytes != null) {
                messages.load(new StringReader(new String(bytes, StandardCharsets.ISO_8859_1)));
            }
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
        return messages;
    }
}
