package io.heliosdb.relay;

import org.eclipse.jetty.http.HttpFields;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/** The console's page and the client for browsers: files of this package, read once. */
final class StaticFiles {
    private static final String HTML = "text/html; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final Map<String, Place> PLACES =
            Map.of(
                    "/", new Place("console.html", HTML),
                    "/console.js", new Place("console.js", SCRIPT),
                    "/console.css", new Place("console.css", "text/css; charset=utf-8"),
                    "/demo", new Place("demo.html", HTML),
                    "/demo.js", new Place("demo.js", SCRIPT),
                    "/client.js", new Place("client.js", SCRIPT),
                    "/client.d.ts", new Place("client.d.ts", "text/plain; charset=utf-8"));

    private record Place(String file, String contentType) {}

    /** The file at a path; empty where there is none. */
    Optional<Reply> find(String path) {
        return Optional.ofNullable(PLACES.get(path))
                .map(place -> new Reply(200, place.contentType(), bytes(place.file())));
    }

    /** What a browser must not do with our pages. */
    static void secure(HttpFields.Mutable headers) {
        headers.put(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                        + " img-src 'self' data:; base-uri 'none'; form-action 'none';"
                        + " frame-ancestors 'none'");
        headers.put("Referrer-Policy", "no-referrer");
    }

    private static byte[] bytes(String file) {
        try (var in = StaticFiles.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the file " + file + " is missing");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
