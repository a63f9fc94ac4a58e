package io.heliosdb.catalog;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgType;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Finds objects by the names that users write, as the reg types do. */
final class Names {
    private final Context context;
    private final List<String> path;

    Names(Context context) {
        this.context = context;
        path = context.names().path();
    }

    /** The parts of a name, folded and unquoted. */
    static List<String> parts(String name) {
        var parts = new ArrayList<String>();
        var part = new StringBuilder();
        boolean isQuoted = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '"') {
                if (isQuoted && i + 1 < name.length() && name.charAt(i + 1) == '"') {
                    part.append(c);
                    i++;
                } else {
                    isQuoted = !isQuoted;
                }
            } else if (c == '.' && !isQuoted) {
                parts.add(part.toString());
                part.setLength(0);
            } else if (isQuoted) {
                part.append(c);
            } else if (!Character.isWhitespace(c)) {
                part.append(Identifier.fold(String.valueOf(c)));
            }
        }
        parts.add(part.toString());
        if (isQuoted || parts.stream().anyMatch(String::isEmpty)) {
            throw new PgException(SqlState.INVALID_NAME, "invalid name syntax");
        }
        return parts;
    }

    static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    // ---- relations

    @Nullable Long relation(String name) {
        var parts = parts(name);
        Model model = context.model();
        var found =
                parts.size() == 1
                        ? model.visible(parts.getFirst(), path)
                        : model.named(parts.get(parts.size() - 2), parts.getLast());
        return found == null ? null : (Long) (long) found.oid();
    }

    static PgException noRelation(String name) {
        return new PgException(
                SqlState.UNDEFINED_TABLE,
                "relation \"" + String.join(".", parts(name)) + "\" does not exist");
    }

    String relationText(long oid) {
        if (oid == 0) {
            return "-";
        }
        var found = context.model().named((int) oid);
        return found == null ? Long.toString(oid) : context.model().shown(found, path);
    }

    // ---- types

    @Nullable Long type(String name) {
        String bare = name.strip();
        boolean isArray = false;
        while (bare.endsWith("]")) {
            isArray = true;
            bare = bare.substring(0, Math.max(bare.lastIndexOf('['), 0)).strip();
        }
        bare = bare.replaceFirst("\\s*\\([\\d\\s,-]*\\)", "");
        TypeEntry type = builtIn(bare);
        if (type == null) {
            var parts = parts(bare);
            type =
                    parts.size() == 1
                            ? context.model().visibleType(parts.getFirst(), path)
                            : qualified(parts.get(parts.size() - 2), parts.getLast());
        }
        if (type == null) {
            return null;
        }
        int oid = isArray && type.array() != 0 ? type.array() : type.oid();
        return (long) oid;
    }

    private @Nullable TypeEntry builtIn(String name) {
        if (name.startsWith("\"")) {
            return null;
        }
        return PgType.byName(name)
                .map(known -> context.model().types().find(known.oid()))
                .orElse(null);
    }

    private @Nullable TypeEntry qualified(String schema, String name) {
        Integer namespace = context.model().namespace(schema);
        for (TypeEntry each : context.model().types().named(name)) {
            if (namespace != null && each.namespace() == namespace) {
                return each;
            }
        }
        return null;
    }

    static PgException noType(String name) {
        return new PgException(SqlState.UNDEFINED_OBJECT, "type \"" + name + "\" does not exist");
    }

    String typeText(long oid) {
        if (oid != 0 && context.model().types().find((int) oid) == null) {
            return Long.toString(oid);
        }
        return TypeNames.of(context.model(), (int) oid, null, path);
    }

    // ---- functions

    @Nullable Long function(String name) {
        int open = name.indexOf('(');
        var parts = parts(open < 0 ? name : name.substring(0, open));
        var found = new ArrayList<Routine>();
        for (Routine each : candidates(parts)) {
            if (open < 0 || hasArguments(each, name, open)) {
                found.add(each);
            }
        }
        if (found.size() > 1) {
            throw new PgException(
                    SqlState.AMBIGUOUS_FUNCTION, "more than one function named \"" + name + '"');
        }
        return found.isEmpty() ? null : (Long) found.getFirst().oid();
    }

    /** Those of a name; without a schema those that the path leads to. */
    private List<Routine> candidates(List<String> parts) {
        Model model = context.model();
        var all = Routines.of(context).named(parts.getLast());
        var schemas =
                parts.size() == 1
                        ? model.schemas(path)
                        : List.of(model.namespaceOf(parts.get(parts.size() - 2)));
        var found = new ArrayList<Routine>();
        for (int schema : schemas) {
            for (Routine each : all) {
                boolean isHidden =
                        found.stream()
                                .anyMatch(other ->
                                        other.argumentTypes().equals(each.argumentTypes()));
                if (each.namespace() == schema && !isHidden) {
                    found.add(each);
                }
            }
        }
        return found;
    }

    private boolean hasArguments(Routine routine, String name, int open) {
        String list = name.substring(open + 1, Math.max(name.lastIndexOf(')'), open + 1)).strip();
        var types = new ArrayList<Long>();
        if (!list.isEmpty()) {
            for (String each : list.split(",", -1)) {
                Long type = type(each);
                if (type == null) {
                    throw noType(each.strip());
                }
                types.add(type);
            }
        }
        return routine.argumentTypes().equals(types);
    }

    static PgException noFunction(String name) {
        return new PgException(
                SqlState.UNDEFINED_FUNCTION, "function \"" + name + "\" does not exist");
    }

    String functionText(long oid) {
        if (oid == 0) {
            return "-";
        }
        Routine found = Routines.of(context).find(oid);
        if (found == null) {
            return Long.toString(oid);
        }
        var candidates = candidates(List.of(found.name()));
        boolean isAlone = candidates.size() == 1 && candidates.getFirst().oid() == oid;
        return functionName(found, isAlone);
    }

    private String functionName(Routine routine, boolean isPlain) {
        String name = Identifier.quoteWhereNeeded(routine.name());
        String schema = String.valueOf(context.model().namespaceName(routine.namespace()));
        return isPlain ? name : Identifier.quoteWhereNeeded(schema) + '.' + name;
    }

    private boolean isVisible(Routine routine) {
        return candidates(List.of(routine.name())).stream()
                .anyMatch(each -> each.oid() == routine.oid());
    }

    String procedureText(long oid) {
        Routine found = oid == 0 ? null : Routines.of(context).find(oid);
        if (found == null) {
            return oid == 0 ? "-" : Long.toString(oid);
        }
        var types = found.argumentTypes().stream().map(this::typeText).toList();
        return functionName(found, isVisible(found)) + '(' + String.join(",", types) + ')';
    }

    boolean isFunctionVisible(long oid) {
        Routine found = Routines.of(context).find(oid);
        return found != null && isVisible(found);
    }

    // ---- schemas and roles

    @Nullable Long namespace(String name) {
        Integer oid = context.model().namespace(parts(name).getFirst());
        return oid == null ? null : (Long) (long) oid;
    }

    static PgException noNamespace(String name) {
        return new PgException(
                SqlState.INVALID_SCHEMA_NAME, "schema \"" + name + "\" does not exist");
    }

    String namespaceText(long oid) {
        String name = context.model().namespaceName((int) oid);
        return oid == 0
                ? "-"
                : name == null ? Long.toString(oid) : Identifier.quoteWhereNeeded(name);
    }

    @Nullable Long role(String name) {
        long oid = RoleRows.oid(parts(name).getFirst());
        return RoleRows.name(context.host(), oid) == null ? null : (Long) oid;
    }

    static PgException noRole(String name) {
        return new PgException(SqlState.UNDEFINED_OBJECT, "role \"" + name + "\" does not exist");
    }

    String roleText(long oid) {
        String name = RoleRows.name(context.host(), oid);
        return oid == 0
                ? "-"
                : name == null ? Long.toString(oid) : Identifier.quoteWhereNeeded(name);
    }
}
