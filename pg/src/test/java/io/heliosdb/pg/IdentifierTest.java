package io.heliosdb.pg;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdentifierTest {
    @Test
    void foldsAsciiLettersAndNoOthers() {
        assertThat(Identifier.fold("FooÉ_1")).isEqualTo("fooÉ_1");
        var folded = "foo";
        assertThat(Identifier.fold(folded)).isSameAs(folded);
    }

    @Test
    void doublesQuotesWithinQuotes() {
        assertThat(Identifier.quote("a\"b")).isEqualTo("\"a\"\"b\"");
    }

    @Test
    void cutsToSixtyThreeBytesBetweenCharacters() {
        assertThat(Identifier.truncate("x".repeat(63))).hasSize(63);
        assertThat(Identifier.truncate("x".repeat(64))).isEqualTo("x".repeat(63));
        assertThat(Identifier.truncate("é".repeat(32))).isEqualTo("é".repeat(31));
        assertThat(Identifier.truncate("€".repeat(22))).isEqualTo("€".repeat(21));
        assertThat(Identifier.truncate("𝄞".repeat(16))).isEqualTo("𝄞".repeat(15));
        assertThat(Identifier.truncate("x𝄞".repeat(13))).isEqualTo("x𝄞".repeat(12) + "x");
    }

    @Test
    void countsBytesOfUtf8() {
        assertThat(Identifier.utf8Length("aé€𝄞")).isEqualTo(1 + 2 + 3 + 4);
        assertThat(Identifier.utf8Length("")).isZero();
    }
}
