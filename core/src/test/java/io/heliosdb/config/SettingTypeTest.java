package io.heliosdb.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.config.SettingType.Size;
import io.heliosdb.config.SettingType.Text;
import io.heliosdb.config.SettingType.Time;
import io.heliosdb.config.SettingType.Toggle;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

/**
 * Units are those of PostgreSQL: B, kB, MB, GB, TB and us, ms, s, min, h, d.
 *
 * @see <a href="https://www.postgresql.org/docs/15/config-setting.html">PostgreSQL: setting
 *     parameters</a>
 */
final class SettingTypeTest {
    private static final Size SIZE = new Size(0, Long.MAX_VALUE);
    private static final Time TIME = new Time("ms", Duration.ZERO, Duration.ofDays(24));

    @ParameterizedTest
    @CsvSource({
        "8000,8000",
        "64MB,67108864",
        "64 MB,67108864",
        "1.5kB,1536",
        "1B,1",
        "1TB,1099511627776"
    })
    void sizesAreReadAsPostgresWritesThem(String text, long bytes) {
        assertThat(SIZE.read(text)).contains(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "MB",
                "64mb",
                "64 M",
                "-1",
                "1e3",
                "0x10",
                "1.0001B",
                "99999999TB",
                "1 000"
            })
    void anythingElseIsNoSize(String text) {
        assertThat(SIZE.read(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "250,250",
        "10s,10000",
        "2min,120000",
        "1h,3600000",
        "1d,86400000",
        "0.5s,500",
        "0,0"
    })
    void timesAreReadAsPostgresWritesThem(String text, long millis) {
        assertThat(TIME.read(text)).contains(Duration.ofMillis(millis));
    }

    @Test
    void aNumberAloneHasTheSettingsUnit() {
        assertThat(new Time("s", Duration.ZERO, Duration.ofDays(1)).read(60L))
                .contains(Duration.ofMinutes(1));
        assertThat(TIME.read(60L)).contains(Duration.ofMillis(60));
        assertThat(TIME.read(25L * 24 * 3600 * 1000)).isEmpty();
    }

    @Test
    void whatIsPrintedIsRead() {
        for (long bytes : new long[] {0, 1, 1023, 1024, 1 << 20, (1 << 20) + 1}) {
            assertThat(SIZE.read(SIZE.print(bytes))).contains(bytes);
        }
        for (var time :
                new Duration[] {Duration.ZERO, Duration.ofMillis(1), Duration.ofSeconds(90)}) {
            assertThat(TIME.read(TIME.print(time))).contains(time);
        }
    }

    @ParameterizedTest
    @CsvSource({"on,true", "OFF,false", "Yes,true", "no,false", "1,true", "0,false", "true,true"})
    void togglesTakePostgresWords(String text, boolean value) {
        assertThat(new Toggle().read(text)).contains(value);
    }

    @Test
    void textHasNoControlCharactersAndIsBounded() {
        var text = new Text(3);
        assertThat(text.read("abc")).contains("abc");
        assertThat(text.read("abcd")).isEmpty();
        assertThat(text.read("a\nb")).isEmpty();
        assertThat(text.read("")).isEmpty();
        assertThat(text.read(5L)).isEmpty();
    }
}
