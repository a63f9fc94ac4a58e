package io.heliosdb.session;

import io.heliosdb.engine.QuietServices;

import org.jspecify.annotations.Nullable;

/** Stands where the program itself, and no client, reads and writes its system tables. */
final class SystemServices extends QuietServices {
    SystemServices() {
        super(Roles.SUPERUSER, Instance.DATABASE);
    }

    @Override
    public void notify(@Nullable String channel, @Nullable String payload) {
        throw new IllegalStateException("the system notifies nobody");
    }

    @Override
    public String set(String name, @Nullable String value, boolean local) {
        throw new IllegalStateException("the system has no settings");
    }
}
