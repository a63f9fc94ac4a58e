package io.heliosdb.cli;

import org.slf4j.LoggerFactory;

import java.util.logging.Level;
import java.util.logging.Logger;

/** The log of the program: System.Logger to logback to standard error. */
final class Logging {
    private Logging() {}

    /** To be called before anything logs. */
    static void start() {
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "io/heliosdb/cli/logback.xml");
        }
        // Drivers and libraries that log by themselves write to standard error only what matters.
        Logger.getLogger("").setLevel(Level.WARNING);
    }

    /** Goes into detail. */
    static void verbose() {
        if (LoggerFactory.getLogger("io.heliosdb")
                instanceof ch.qos.logback.classic.Logger logger) {
            logger.setLevel(ch.qos.logback.classic.Level.DEBUG);
        }
    }
}
