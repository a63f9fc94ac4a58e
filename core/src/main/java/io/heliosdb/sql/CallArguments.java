package io.heliosdb.sql;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** The arguments of a call as they are written. */
final class CallArguments {
    /**
     * An argument.
     *
     * @param from its first token, that of its name where it has one
     * @param name the parameter that it names; null for none
     * @param isVariadic whether VARIADIC stands before it
     * @param value the value
     */
    record Argument(int from, @Nullable String name, boolean isVariadic, Expression value) {}

    private final Tokens tokens;
    final List<Argument> list = new ArrayList<>();

    CallArguments(Tokens tokens) {
        this.tokens = tokens;
    }

    List<Expression> values() {
        return list.stream().map(Argument::value).toList();
    }

    List<String> texts() {
        return list.stream()
                .map(argument ->
                        tokens.sql.substring(
                                tokens.starts[argument.value().from()],
                                tokens.ends[argument.value().to() - 1]))
                .toList();
    }

    /** The names; empty where an argument has none. */
    List<String> names() {
        return list.stream()
                .map(argument -> argument.name() == null ? "" : argument.name())
                .toList();
    }

    /** The types, as far as they are known: null where an argument's is not. */
    List<@Nullable SqlType> types(ColumnTypes columns) {
        var types = new ArrayList<@Nullable SqlType>();
        for (Argument argument : list) {
            types.add(columns.type(argument.value()));
        }
        return types;
    }

    boolean hasNames() {
        return list.stream().anyMatch(argument -> argument.name() != null);
    }

    boolean isVariadic() {
        return !list.isEmpty() && list.getLast().isVariadic();
    }
}
