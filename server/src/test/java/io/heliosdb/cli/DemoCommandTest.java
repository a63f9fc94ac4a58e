package io.heliosdb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class DemoCommandTest {
    @Test
    void everyCommittedOrderArrivesAndNoOther() {
        var ended = Ended.run("demo", "--for", "1s", "--rate", "100");
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out())
                .containsPattern("server +postgresql://postgres@127\\.0\\.0\\.1:\\d+/postgres")
                .containsPattern("event 1 .*\"order_id\":1,\"customer_id\":2,\"amount\":20\\.36,")
                .containsPattern("orders +committed [1-9]\\d*, rolled back [1-9]")
                .containsPattern(
                        "events over TCP +[1-9]\\d* +p50 \\d+\\.\\d\\d ms  p99 \\d+\\.\\d\\d ms")
                .contains("Every committed order arrived once in both places");
        assertThat(ended.status()).isZero();
    }
}
