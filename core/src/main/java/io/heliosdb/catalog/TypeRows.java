package io.heliosdb.catalog;

import io.heliosdb.engine.Description.Domain;

import java.util.HashMap;
import java.util.Map;

/** pg_type. */
final class TypeRows {
    private static final int ARRAY_IN = 750;
    private static final int ARRAY_SUBSCRIPT = 6179;
    private static final int RECORD_IN = 2290;
    private static final int ENUM_IN = 3506;
    private static final int DOMAIN_IN = 2597;

    /** The functions that read and print the values of a kind of type. */
    private record Functions(int input, int output, int receive, int send, int analyze) {}

    private static final Functions ARRAY = new Functions(ARRAY_IN, 751, 2400, 2401, 3816);
    private static final Functions RECORD = new Functions(RECORD_IN, 2291, 2402, 2403, 0);
    private static final Functions ENUM = new Functions(ENUM_IN, 3507, 3532, 3533, 0);

    private TypeRows() {}

    static void types(Context context, Rows rows) {
        var domains = new HashMap<Integer, Domain>();
        context.model().description().domains().forEach(each -> domains.put(each.oid(), each));
        for (TypeEntry type : Types.builtIn()) {
            var given = type.row();
            if (given != null) {
                rows.addRow(given.toArray());
            } else {
                add(rows, context.model(), type, Map.of());
            }
        }
        for (TypeEntry type : context.model().types().own()) {
            add(rows, context.model(), type, domains);
        }
    }

    private static void add(Rows rows, Model model, TypeEntry type, Map<Integer, Domain> domains) {
        Domain domain = domains.get(type.oid());
        var value = domain == null ? null : domain.value();
        Functions functions = functions(model, type);
        rows.add(
                "oid",
                type.oid(),
                "typname",
                type.name(),
                "typnamespace",
                type.namespace(),
                "typowner",
                Context.OWNER,
                "typlen",
                type.length(),
                "typbyval",
                type.isByValue(),
                "typtype",
                type.kind(),
                "typcategory",
                category(model, type),
                "typispreferred",
                false,
                "typisdefined",
                true,
                "typdelim",
                ",",
                "typrelid",
                type.relation(),
                "typsubscript",
                type.element() != 0 ? ARRAY_SUBSCRIPT : 0,
                "typelem",
                type.element(),
                "typarray",
                type.array(),
                "typinput",
                functions.input,
                "typoutput",
                functions.output,
                "typreceive",
                functions.receive,
                "typsend",
                functions.send,
                "typmodin",
                0,
                "typmodout",
                0,
                "typanalyze",
                functions.analyze,
                "typalign",
                type.alignment(),
                "typstorage",
                type.storage(),
                "typnotnull",
                false,
                "typbasetype",
                type.base(),
                "typtypmod",
                type.modifier(),
                "typndims",
                0,
                "typcollation",
                type.collation(),
                "typdefaultbin",
                value == null ? null : value.full(),
                "typdefault",
                value == null ? null : value.full());
    }

    private static String category(Model model, TypeEntry type) {
        return switch (type.kind()) {
            case "c" -> "C";
            case "e" -> "E";
            case "d" -> {
                var base = model.types().require(type.base()).row();
                yield base == null ? "U" : String.valueOf(base.get(7));
            }
            default -> "A";
        };
    }

    private static Functions functions(Model model, TypeEntry type) {
        return switch (type.kind()) {
            case "c" -> RECORD;
            case "e" -> ENUM;
            case "d" -> {
                var base = model.types().require(type.base()).row();
                int output = base != null && base.get(16) instanceof Number n ? n.intValue() : 0;
                int send = base != null && base.get(18) instanceof Number n ? n.intValue() : 0;
                yield new Functions(DOMAIN_IN, output, 2598, send, 0);
            }
            default -> ARRAY;
        };
    }
}
