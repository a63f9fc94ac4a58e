package io.heliosdb.catalog;

import io.heliosdb.engine.EngineSession;

import java.util.ArrayList;
import java.util.List;

/** The schemas of a session's search path, the ones that do not exist left out. */
record SearchNames(EngineSession session, Model model) {
    /** The path in order, the implicit schemas left out. */
    List<String> path() {
        var services = session.services();
        String setting = services.setting("search_path", true);
        var path = new ArrayList<String>();
        for (String part : (setting == null ? "public" : setting).split(",", -1)) {
            String name = unquoted(part.strip());
            name = name.equals("$user") ? services.user() : name;
            if (model.namespace(name) != null && !path.contains(name)) {
                path.add(name);
            }
        }
        return path;
    }

    private static String unquoted(String name) {
        return name.length() > 1 && name.startsWith("\"") && name.endsWith("\"")
                ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
                : name;
    }
}
