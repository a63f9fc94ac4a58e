package io.heliosdb.session;

import org.jspecify.annotations.Nullable;

/** A role as it is stored; its password only as a SCRAM verifier. */
record Role(
        String name,
        @Nullable String verifier,
        boolean isSuperuser,
        boolean canLogin,
        boolean canReplicate,
        int connectionLimit) {
    @Override
    public String toString() {
        // A verifier is never printed.
        return "Role[" + name + ']';
    }
}
