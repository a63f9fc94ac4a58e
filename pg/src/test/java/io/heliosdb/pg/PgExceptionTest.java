package io.heliosdb.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PgExceptionTest {
    private final PgException error = new PgException(SqlState.SYNTAX_ERROR, "syntax error");

    @Test
    void keepsItsFieldsWhereOneIsAdded() {
        var full =
                error.withDetail("detail")
                        .withHint("hint")
                        .withPosition(3)
                        .withWhere("where")
                        .withSeverity(Severity.FATAL);
        assertThat(full.report())
                .isEqualTo(
                        new Report(
                                Severity.FATAL,
                                SqlState.SYNTAX_ERROR,
                                "syntax error",
                                "detail",
                                "hint",
                                3,
                                "where"));
        assertThat(full).hasMessage("syntax error");
        assertThat(full.hint()).contains("hint");
        assertThat(error.hint()).isEmpty();
    }

    @Test
    void copiesPointToWhereTheErrorWasRaised() {
        assertThat(error.withHint("x").getStackTrace()).isEqualTo(error.getStackTrace());
    }

    @Test
    void endsTheSessionWhereItIsFatal() {
        assertThat(PgException.fatal(SqlState.ADMIN_SHUTDOWN, "x").report().severity())
                .isEqualTo(Severity.FATAL);
    }

    @Test
    void aCodeHasFiveCharacters() {
        assertThatThrownBy(() -> new SqlState("42")).isInstanceOf(IllegalArgumentException.class);
    }
}
