package io.heliosdb.differential;

import java.util.Optional;

/** HeliosDB-Lite in memory, served from this JVM; one per JVM. */
final class HeliosTarget {

    private HeliosTarget() {}

    static Optional<Target> running() {
        return Optional.empty();
    }
}
