package io.heliosdb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

final class HeliosCommandTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "serve", "demo", "sql", "listen", "notify", "log", "backup", "restore", "export"
            })
    void everyCommandHasHelp(String command) {
        var ended = command.isEmpty() ? Ended.run("--help") : Ended.run(command, "--help");
        assertThat(ended.status()).isZero();
        assertThat(ended.out())
                .startsWith("Usage: heliosdb" + (command.isEmpty() ? "" : " " + command));
        assertThat(ended.out().lines()).allMatch(line -> line.length() <= 110);
        assertThat(ended.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|heliosdb: a command is missing (see heliosdb --help)",
                "serv|heliosdb: Unmatched argument at index 0: 'serv'; did you mean serve? (see"
                        + " heliosdb --help)",
                "notify|heliosdb: Missing required parameters: 'URL', 'CHANNEL' (see heliosdb"
                        + " notify --help)",
                "serve --http 8080|heliosdb: Invalid value for option '--http': HOST:PORT is"
                        + " expected, such as 127.0.0.1:5432, not '8080' (see heliosdb serve"
                        + " --help)",
                "serve --http 127.0.0.1:0 --no-http|heliosdb: Error: --http=HOST:PORT, --no-http"
                        + " are mutually exclusive (specify only one) (see heliosdb serve"
                        + " --help)",
                "serve --auth md5|heliosdb: --auth must be one of trust, scram-sha-256, not md5"
                        + " (see heliosdb serve --help)",
                "serve --pg 5432|heliosdb: Invalid value for option '--pg': HOST:PORT is expected,"
                        + " such as 127.0.0.1:5432, not '5432' (see heliosdb serve --help)",
                "serve --data a --memory|heliosdb: Error: --data=DIR, --memory are mutually"
                        + " exclusive (specify only one) (see heliosdb serve --help)",
                "demo --rate 0|heliosdb: --rate must be a whole number from 1 to 10000 (see"
                        + " heliosdb demo --help)",
            })
    void aWrongCallEndsWithTwoAndOneLine(String call, String line) {
        var ended = call == null ? Ended.run() : Ended.run(call.split(" ", -1));
        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).isEqualTo(line + System.lineSeparator());
    }

    @Test
    void aServerThatIsNotThereEndsWithOneAndOneLine() throws IOException {
        int port;
        try (var closedSoon = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closedSoon.getLocalPort();
        }
        var ended = Ended.run("notify", "postgresql://127.0.0.1:" + port + "/postgres", "c", "p");
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err())
                .startsWith("heliosdb: Connection to 127.0.0.1:" + port + " refused.")
                .hasLineCount(1);
    }

    @Test
    void aFileThatIsNotThereEndsWithOneAndOneLine() {
        var ended = Ended.run("serve", "--config", "none.toml");
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err())
                .isEqualTo(
                        "heliosdb: could not read configuration file \"none.toml\": no such file"
                                + System.lineSeparator());
    }
}
