package io.heliosdb.trigger.plpgsql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.PgException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is refused when a body is created: SQLSTATE and message as PostgreSQL 15 was observed to
 * give them, and the text that the position points at.
 */
final class SyntaxTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    int | begin retrn 1; end | 42601 | syntax error at or near "retrn" | retrn
                    int | declare x int; begin x := 1 +; end | 42601 | syntax error at end of input | ;
                    int | begin y := 1; end | 42601 | "y" is not a known variable | y
                    int | begin if true then null; end | 42601 | syntax error at end of input |
                    void | begin return 1; end | 42804 | RETURN cannot have a parameter in function returning void | 1
                    int | begin return; end | 42601 | missing expression at or near ";" | ;
                    int | begin exit; end | 42601 | EXIT cannot be used outside a loop, unless it has a label | exit
                    int | begin select 1 into z; end | 42601 | "z" is not a known variable | z
                    int | declare a int; a text; begin end | 42601 | duplicate declaration at or near "a" | a text
                    int | declare n int not null; begin end | 22004 | variable "n" must have a default value, since it's declared NOT NULL | not
                    int | declare c constant int := 1; begin c := 2; end | 22005 | variable "c" is declared CONSTANT | c := 2
                    int | begin return next 1; end | 42804 | cannot use RETURN NEXT in a non-SETOF function | return
                    int | begin for i in 1..3 loop null; end loop lbl; end | 42601 | end label "lbl" specified for unlabeled block | lbl
                    int | begin exit nolabel; end | 42601 | there is no label "nolabel" attached to any block or loop enclosing this statement | nolabel
                    int | begin loop exit when; end loop; end | 42601 | missing expression at or near ";" | ;
                    int | begin return 1 end | 42601 | syntax error at end of input |
                    int | begin for r in select 1 loop null; end loop; end | 42601 | loop variable of loop over rows must be a record variable or list of scalar variables | r in
                    int | begin foo end | 42601 | unexpected end of function definition at end of input |
                    int | begin get diagnostics x = row_count; end | 42601 | "x" is not a known variable | x
                    int | begin perform 1 from; end | 42601 | syntax error at end of input | ;
                    int | <<a>> begin null; end b; | 42601 | end label "b" differs from block's label "a" | b;
                    int | begin null; end extra | 42601 | end label "extra" specified for unlabeled block | extra
                    """)
    void aFaultHasItsPlace(
            String returns, String body, String state, String message, String place) {
        assertThatThrownBy(() -> Bodies.function("f", returns, body))
                .hasMessage(message)
                .isInstanceOfSatisfying(
                        PgException.class,
                        e -> {
                            assertThat(e.sqlState().code()).isEqualTo(state);
                            assertThat(body.substring(e.report().position() - 1))
                                    .startsWith(place == null ? "" : place);
                        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    raise notice 'a % b'; | 42601 | too few parameters specified for RAISE
                    raise notice 'a b', 1; | 42601 | too many parameters specified for RAISE
                    begin null; exception when foo_bar then null; end; | 42704 | unrecognized exception condition "foo_bar"
                    """)
    void aFaultWithoutAPlaceHasItsLine(String statement, String state, String message) {
        assertThatThrownBy(() -> Bodies.function("f", "int", "\nbegin\n  " + statement + "\nend"))
                .hasMessage(message)
                .isInstanceOfSatisfying(
                        PgException.class,
                        e -> {
                            assertThat(e.sqlState().code()).isEqualTo(state);
                            assertThat(e.report().where())
                                    .isEqualTo(
                                            "compilation of PL/pgSQL function \"f\" near line 3");
                        });
    }
}
