package io.heliosdb.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;

/** Values, units and refusals as PostgreSQL 15 gives them. */
class SettingsTest {
    private final Settings settings = new Settings(Map.of());

    @ParameterizedTest
    @CsvSource({
        "statement_timeout, 0, 0",
        "statement_timeout, 1500, 1500ms",
        "statement_timeout, 2s, 2s",
        "statement_timeout, 120000, 2min",
        "statement_timeout, 1.5 h, 90min",
        "default_transaction_read_only, TRUE, on",
        "default_transaction_read_only, n, off",
        "extra_float_digits, 3, 3",
        "client_encoding, utf-8, UTF8",
        "client_encoding, unicode, UTF8",
        "TimeZone, europe/berlin, Europe/Berlin",
        "intervalstyle, ISO_8601, iso_8601",
        "my.own, anything, anything",
    })
    void aValueIsReadAndShownAsPostgreSqlDoes(String name, String given, String shown) {
        settings.set(Setting.require(name), given, false);
        assertThat(settings.shown(name)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "statement_timeout | soon | 22023 | invalid value for parameter"
                        + " \"statement_timeout\": \"soon\"",
                "statement_timeout | -5 | 22023 | -5 ms is outside the valid range for parameter"
                        + " \"statement_timeout\" (0 ms .. 2147483647 ms)",
                "jit | maybe | 22023 | parameter \"jit\" requires a Boolean value",
                "bytea_output | octal | 22023 | invalid value for parameter \"bytea_output\":"
                        + " \"octal\"",
                "server_version | 16 | 55P02 | parameter \"server_version\" cannot be changed",
                "TimeZone | Mars/Olympus | 22023 | invalid value for parameter \"TimeZone\":"
                        + " \"Mars/Olympus\"",
            })
    void aBadValueIsRefusedInPostgreSqlsWords(
            String name, String given, String code, String message) {
        assertThatThrownBy(() -> settings.set(Setting.require(name), given, false))
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.sqlState().code()).isEqualTo(code))
                .hasMessage(message);
    }

    @Test
    void anUnknownSettingIsRefused() {
        assertThatThrownBy(() -> settings.shown("no_such_setting"))
                .hasMessage("unrecognized configuration parameter \"no_such_setting\"");
    }

    @Test
    void aDateStyleChangesItsPartsSeparately() {
        settings.set(Setting.require("datestyle"), "ISO, DMY", false);
        assertThat(settings.shown("DateStyle")).isEqualTo("ISO, DMY");
    }

    @Test
    void goingBackToASnapshotUndoesSet() {
        var before = settings.snapshot();
        settings.set(Setting.require("statement_timeout"), "1s", false);
        settings.set(Setting.require("lock_timeout"), "1s", true);
        assertThat(settings.statementTimeoutMillis()).isEqualTo(1_000);
        settings.restore(before);
        assertThat(settings.statementTimeoutMillis()).isZero();
        assertThat(settings.lockTimeout()).isZero();
    }

    @Test
    void aLocalValueEndsWithItsTransaction() {
        settings.set(Setting.require("statement_timeout"), "1s", false);
        settings.set(Setting.require("statement_timeout"), "2s", true);
        assertThat(settings.shown("statement_timeout")).isEqualTo("2s");
        settings.endLocal();
        assertThat(settings.shown("statement_timeout")).isEqualTo("1s");
    }

    @Test
    void aTransactionsModesFollowTheSessionsDefaults() {
        settings.set(Setting.require("default_transaction_isolation"), "serializable", false);
        assertThat(settings.shown("transaction_isolation")).isEqualTo("serializable");
    }
}
