package io.heliosdb.session;

import java.util.Map;

/**
 * What a client asks for when it connects; the caller has authenticated it.
 *
 * @param user the role
 * @param database the database
 * @param settings settings from the start-up packet, such as {@code application_name}
 * @param clientAddress where it connects from, for views and logs; empty inside the process
 * @param client who is told of notices
 */
public record SessionRequest(
        String user,
        String database,
        Map<String, String> settings,
        String clientAddress,
        SessionClient client) {

    /** Copies the settings. */
    public SessionRequest {
        settings = Map.copyOf(settings);
    }
}
