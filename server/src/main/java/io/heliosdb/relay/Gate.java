package io.heliosdb.relay;

import io.heliosdb.spi.HttpRequest.Access;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which hosts a request may name and which pages it may come from. A page of another site can make
 * a browser send requests here, also under a name of its own that leads to this address (DNS
 * rebinding): so a name that is not known is refused, and so is an origin that is not.
 */
final class Gate {
    private static final Pattern ADDRESS =
            Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-fA-F:.]+]");

    private final Set<String> hosts = new HashSet<>(Set.of("localhost"));
    private final Set<String> origins = new HashSet<>();

    Gate(Access access, String listenHost) {
        hosts.add(listenHost.toLowerCase(Locale.ROOT));
        addAll(hosts, access.hosts());
        addAll(origins, access.origins());
    }

    private static void addAll(Set<String> set, List<String> names) {
        names.forEach(name -> set.add(name.toLowerCase(Locale.ROOT)));
    }

    /** Whether a request to this host, with or without a port, is meant for this server. */
    boolean allowsHost(@Nullable String host) {
        if (host == null) {
            return false;
        }
        var name = host.replaceFirst(":\\d*$", "").toLowerCase(Locale.ROOT);
        return ADDRESS.matcher(name).matches() || hosts.contains(name);
    }

    /** Whether a page of this origin may connect; one that sends no origin is no page. */
    boolean allowsOrigin(@Nullable String origin, String host) {
        if (origin == null || origins.contains(origin.toLowerCase(Locale.ROOT))) {
            return true;
        }
        try {
            var authority = URI.create(origin).getRawAuthority();
            return authority != null && authority.equalsIgnoreCase(host);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Whether an origin is another site's that is let in, so that it must be told so. */
    boolean isForeign(@Nullable String origin) {
        return origin != null && origins.contains(origin.toLowerCase(Locale.ROOT));
    }
}
