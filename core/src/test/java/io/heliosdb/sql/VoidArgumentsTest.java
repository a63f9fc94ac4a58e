package io.heliosdb.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.pg.Oid;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The parameters that JDBC's drivers send for the result of a function that is called. */
final class VoidArgumentsTest {
    private static final int[] FIRST_IS_VOID = {Oid.VOID, 0, Oid.INT4};

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "select * from f($1,$2,$3) as result; select * from f(   $2,$3) as result",
                "select f($1); select f(  )",
                "select f($2, $1); select f($2    )",
                "select f($2, $1, $3); select f($2,     $3)",
                "select '$1', f($1) -- ($1); select '$1', f(  ) -- ($1)",
                "select $1; select $1"
            })
    void anArgumentOfTypeVoidIsLeftOut(String sql, String expected) {
        assertThat(VoidArguments.removed(sql, FIRST_IS_VOID)).isEqualTo(expected);
    }

    @Test
    void aStatementWithoutOneIsTheSameText() {
        String sql = "select f($1, $2)";
        assertThat(VoidArguments.removed(sql, new int[] {0, Oid.INT4})).isSameAs(sql);
    }
}
