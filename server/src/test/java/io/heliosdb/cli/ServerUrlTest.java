package io.heliosdb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.Test;

import java.util.Optional;

/**
 * Connection strings as libpq reads them.
 *
 * @see <a href="https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING">PostgreSQL:
 *     connection URIs</a>
 */
final class ServerUrlTest {
    @Test
    void everyPartIsRead() {
        assertThat(
                        ServerUrl.parse(
                                "postgresql://ann:s%40cret@db.example:5433/sales%20x?sslmode=require"))
                .isEqualTo(
                        new ServerUrl(
                                "db.example:5433",
                                "ann",
                                Optional.of("s@cret"),
                                "sales x",
                                "?sslmode=require"));
    }

    @Test
    void whatIsLeftOutHasADefault() {
        var url = ServerUrl.parse("postgres://");
        assertThat(url.hosts()).isEqualTo("127.0.0.1:5432");
        assertThat(url.user()).isEqualTo("postgres");
        assertThat(url.database()).isEqualTo("postgres");
        assertThat(ServerUrl.parse("postgresql://ann@h").database()).isEqualTo("ann");
    }

    @Test
    void severalHostsAndSixthVersionAddressesPass() {
        assertThat(ServerUrl.parse("postgresql://a:1,b:2/d").hosts()).isEqualTo("a:1,b:2");
        assertThat(ServerUrl.parse("postgresql://[::1]:5432/d").hosts()).isEqualTo("[::1]:5432");
    }

    @Test
    void aPlusSignStandsForItself() {
        assertThat(ServerUrl.parse("postgresql://a+b:c+d@h").password()).contains("c+d");
    }

    @Test
    void anythingElseIsRefusedWithAnExample() {
        var error = catchThrowableOfType(PgException.class, () -> ServerUrl.parse("mysql://h"));
        assertThat(error.getMessage()).isEqualTo("not a URL of a server: mysql://h");
        assertThat(error.hint()).isPresent();
    }
}
