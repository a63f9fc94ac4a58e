package io.heliosdb.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

/** What a run of the command line came to, in this process. */
record Ended(int status, String out, String err) {
    static Ended run(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int status =
                HeliosCommand.run(
                        arguments,
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8));
        return new Ended(status, out.toString(UTF_8), err.toString(UTF_8));
    }
}
