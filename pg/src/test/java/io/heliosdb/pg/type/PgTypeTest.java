package io.heliosdb.pg.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;

class PgTypeTest {
    @Test
    void isFoundByAliasAndByCatalogName() {
        assertThat(PgType.byName("Integer").orElseThrow().oid()).isEqualTo(Oid.INT4);
        assertThat(PgType.byName("timestamp  with time zone").orElseThrow().oid())
                .isEqualTo(Oid.TIMESTAMPTZ);
        assertThat(PgType.byName("bool[]").orElseThrow().oid()).isEqualTo(Oid.BOOL_ARRAY);
        assertThat(PgType.byName("_int4").orElseThrow().displayName()).isEqualTo("integer[]");
        assertThat(PgType.byName("serial")).isEmpty();
    }

    @Test
    void behavesAsTextUnderAnOidItDoesNotKnow() {
        var type = PgType.of(123_456);
        assertThat(type.oid()).isEqualTo(123_456);
        assertThat(type.decodeText("x")).isEqualTo("x");
    }

    @Test
    void convertsANeighbouringJavaClassOrRefusesIt() {
        var int4 = PgType.of(Oid.INT4);
        assertThat(int4.toText(7L)).isEqualTo("7");
        assertThat(int4.toText(new BigDecimal("2.5"))).isEqualTo("3");
        assertThatThrownBy(() -> int4.toText(1L << 40))
                .isInstanceOf(PgException.class)
                .hasMessage("integer out of range");
        assertThat(PgType.of(Oid.TEXT).toText(true)).isEqualTo("t");
        assertThat(PgType.of(Oid.TEXT).toText(1e20)).isEqualTo("1e+20");
    }

    @Test
    void printsInfinitiesAndYearsBeforeChrist() {
        assertThat(PgType.of(Oid.DATE).toText(LocalDate.MAX)).isEqualTo("infinity");
        assertThat(PgType.of(Oid.TIMESTAMPTZ).toText(OffsetDateTime.MIN)).isEqualTo("-infinity");
        assertThat(PgType.of(Oid.TIMESTAMP).toText(LocalDateTime.of(-43, 3, 15, 12, 0)))
                .isEqualTo("0044-03-15 12:00:00 BC");
    }

    @Test
    void quotesArrayElementsThatNeedIt() {
        var array =
                PgArray.of(Oid.TEXT, Arrays.asList("1", null, "a b", "", "NULL", "q\"\\", "é,"));
        var type = PgType.of(Oid.TEXT_ARRAY);
        var text = "{1,NULL,\"a b\",\"\",\"NULL\",\"q\\\"\\\\\",\"é,\"}";
        assertThat(type.toText(array)).isEqualTo(text);
        assertThat(type.decodeText(text)).isEqualTo(array);
        var grid = new PgArray(Oid.INT4, new int[] {2, 2}, List.of(1, 2, 3, 4));
        assertThat(PgType.of(Oid.INT4_ARRAY).toText(grid)).isEqualTo("{{1,2},{3,4}}");
        assertThat(PgType.of(Oid.INT4_ARRAY).toText(new int[0][0])).isEqualTo("{}");
    }

    @Test
    void tellsTooFewBytesFromTooMany() {
        var int4 = PgType.of(Oid.INT4);
        assertThatThrownBy(() -> int4.decodeBinary(new byte[3]))
                .hasMessage("insufficient data left in message");
        assertThatThrownBy(() -> int4.decodeParameter(2, new byte[5], 1, TextStyle.DEFAULT))
                .hasMessage("incorrect binary data format in bind parameter 2");
    }

    @Test
    void namesTheBytesThatAreNotUtf8() {
        var text = PgType.of(Oid.TEXT);
        var bytes = new byte[] {'a', (byte) 0xff};
        assertThatThrownBy(() -> text.decode(bytes, 0, TextStyle.DEFAULT))
                .hasMessage("invalid byte sequence for encoding \"UTF8\": 0xff");
        assertThatThrownBy(() -> text.decode(new byte[] {0}, 0, TextStyle.DEFAULT))
                .hasMessage("invalid byte sequence for encoding \"UTF8\": 0x00");
    }
}
