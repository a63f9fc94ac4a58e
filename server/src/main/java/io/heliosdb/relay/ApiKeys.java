package io.heliosdb.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliosdb.pg.PgException;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of services and what each grants. The file holds their SHA-256, not the keys: {@code
 * {"keys": [{"name": "till", "sha256": "…", "channels": ["orders.*"], "publish": []}]}}.
 */
final class ApiKeys {
    private final Map<String, Grant> byHash;

    private ApiKeys(Map<String, Grant> byHash) {
        this.byHash = byHash;
    }

    static ApiKeys none() {
        return new ApiKeys(Map.of());
    }

    /**
     * Reads a file.
     *
     * @throws PgException F0000 where it cannot be used
     */
    static ApiKeys read(Path file) {
        var byHash = new HashMap<String, Grant>();
        try {
            var fields = Fields.read(new String(Credentials.read(file), UTF_8));
            if (!(fields.any("keys") instanceof List<?> keys)) {
                throw JsonText.invalid("\"keys\" must be a list");
            }
            fields.requireNoMore();
            for (var key : keys) {
                if (!(key instanceof Map<?, ?> entry)) {
                    throw JsonText.invalid("a key must be an object");
                }
                add(byHash, entry);
            }
        } catch (PgException e) {
            throw Credentials.unusable(file, e.report().message(), e);
        }
        return new ApiKeys(Map.copyOf(byHash));
    }

    private static void add(Map<String, Grant> byHash, Map<?, ?> entry) {
        var copy = new LinkedHashMap<String, @Nullable Object>();
        entry.forEach((name, value) -> copy.put((String) name, value));
        var fields = new Fields(copy);
        var hash = fields.string("sha256").toLowerCase(Locale.ROOT);
        var grant = Credentials.grant(fields.string("name"), fields, null);
        fields.requireNoMore();
        if (!hash.matches("[0-9a-f]{64}")) {
            throw JsonText.invalid("\"sha256\" must have 64 hexadecimal digits");
        }
        byHash.put(hash, grant);
    }

    /** What a key grants; empty for none of ours. */
    Optional<Grant> find(String key) {
        return byHash.isEmpty() ? Optional.empty() : Optional.ofNullable(byHash.get(sha256(key)));
    }

    static String sha256(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
