package io.heliosdb.pg.proto;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a client sends before anything else: a packet without a type byte. */
public sealed interface StartupPacket {
    /**
     * Asks for a session.
     *
     * @param minor the minor version of protocol 3 that is asked for
     * @param parameters user, database and settings, in the order they were sent
     */
    record Startup(int minor, Map<String, String> parameters) implements StartupPacket {
        /** Copies the parameters and keeps their order. */
        public Startup {
            parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        }

        /**
         * The protocol options this server does not know, which is all of them.
         *
         * @return the names that begin with {@code _pq_.}
         */
        public List<String> protocolOptions() {
            return parameters.keySet().stream().filter(name -> name.startsWith("_pq_.")).toList();
        }
    }

    /** Asks for TLS. */
    record SslRequest() implements StartupPacket {}

    /** Asks for encryption by GSSAPI. */
    record GssEncRequest() implements StartupPacket {}

    /**
     * Asks for a running statement to be cancelled.
     *
     * @param pid of the backend
     * @param secret that its client was given
     */
    record CancelRequest(int pid, int secret) implements StartupPacket {}

    /**
     * Asks for a session in a protocol this is not.
     *
     * @param major the major version
     * @param minor the minor version
     */
    record Unsupported(int major, int minor) implements StartupPacket {}
}
