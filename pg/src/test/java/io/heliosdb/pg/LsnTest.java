package io.heliosdb.pg;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LsnTest {
    @Test
    void printsTheTwoHalvesInHexadecimalAsPostgreSqlDoes() {
        assertThat(new Lsn(0x16_B374D848L)).hasToString("16/B374D848");
        assertThat(Lsn.ZERO).hasToString("0/0");
    }
}
