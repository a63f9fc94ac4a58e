package io.heliosdb.cli;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.Locale;

/** The user's browser, where there is a screen to show it on. */
final class Browser {
    private static final System.Logger LOG = System.getLogger(Browser.class.getName());

    private Browser() {}

    /** Opens a page; where that cannot be done the user has its address. */
    static void open(URI page) {
        boolean isMac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
        if (!isMac
                && System.getenv("DISPLAY") == null
                && System.getenv("WAYLAND_DISPLAY") == null) {
            return;
        }
        try {
            new ProcessBuilder(isMac ? "open" : "xdg-open", page.toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "no browser was opened", e);
        }
    }
}
