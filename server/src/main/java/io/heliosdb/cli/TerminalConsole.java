package io.heliosdb.cli;

import java.io.Console;
import java.util.Optional;

/** The terminal of a person, where there is one. */
final class TerminalConsole {
    private TerminalConsole() {}

    /**
     * Empty where input or output is a file, a pipe or nothing; what the JVM then answers differs
     * from version to version.
     */
    static Optional<Console> find() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal);
    }
}
