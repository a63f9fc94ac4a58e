package io.heliosdb.catalog;

import io.heliosdb.pg.Oid;

import java.util.Optional;

/** The numbers of schemas and types in one model. */
record ModelNumbers(Context context) implements ObjectNumbers {
    @Override
    public int namespace(String name) {
        return context.model().namespaceOf(name);
    }

    @Override
    public int type(Optional<String> schema, String name, boolean isArray) {
        TypeEntry found =
                schema.isEmpty()
                        ? context.model().visibleType(name, context.names().path())
                        : context.model().types().named(name).stream()
                                .filter(each -> each.namespace() == namespace(schema.get()))
                                .findFirst()
                                .orElse(null);
        if (found == null) {
            return Oid.UNSPECIFIED;
        }
        return isArray ? found.array() : found.oid();
    }
}
