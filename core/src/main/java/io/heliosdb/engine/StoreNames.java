package io.heliosdb.engine;

import java.util.Locale;

/** Names of functions as the store finds them. */
public final class StoreNames {
    private StoreNames() {}

    /**
     * A name in the letters by which the store looks its own functions up. It takes capital
     * letters, and those of a dotless ı and a long ſ are plain I and S: {@code fıle_read} finds
     * {@code FILE_READ}, which no list of lower case names would know.
     *
     * @param name any name
     * @return the lower case of its capital letters
     */
    public static String folded(String name) {
        return name.toUpperCase(Locale.ENGLISH).toLowerCase(Locale.ENGLISH);
    }
}
