package io.heliosdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.heliosdb.config.HttpSettings;
import io.heliosdb.config.Setting;
import io.heliosdb.config.Settings;
import io.heliosdb.config.WorkflowStep;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

final class HeliosConfigTest {
    @TempDir private Path directory;

    @Test
    void theDashboardFileLoadsUnchanged() throws Exception {
        var config = load(resource("dashboard.toml"));
        assertThat(config.get(Settings.PATH)).isEqualTo(Path.of("/var/lib/heliosdb/sales.db"));
        assertThat(config.get(Settings.MEMORY_LIMIT_MB)).isEqualTo(512);
        assertThat(config.get(Settings.ENABLE_WAL)).isTrue();
        assertThat(config.get(Settings.MAX_CHANNELS)).isEqualTo(1000);
        assertThat(config.get(Settings.MAX_PAYLOAD_BYTES)).isEqualTo(8000);
        assertThat(config.get(Settings.NOTIFICATION_QUEUE_SIZE)).isEqualTo(100);
        assertThat(config.get(Settings.METRICS_ENABLED)).isTrue();
        assertThat(config.get(Settings.VERBOSE_LOGGING)).isFalse();
    }

    @Test
    void theWorkflowFileLoadsUnchanged() throws Exception {
        var config = load(resource("workflow.toml"));
        assertThat(config.get(Settings.MEMORY_LIMIT_MB)).isEqualTo(256);
        assertThat(config.workflowSteps())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "payment_processing",
                                        step(
                                                "order_created",
                                                "process_payment",
                                                "payment_completed"),
                                "inventory_allocation",
                                        step(
                                                "payment_completed",
                                                "allocate_inventory",
                                                "inventory_allocated"),
                                "shipping",
                                        step(
                                                "inventory_allocated",
                                                "create_shipment",
                                                "shipment_created")));
    }

    @Test
    void theEdgeFileLoadsUnchanged() throws Exception {
        var config = load(resource("edge.toml"));
        assertThat(config.get(Settings.MEMORY_LIMIT_MB)).isEqualTo(64);
        assertThat(config.get(Settings.PAGE_SIZE)).isEqualTo(512);
        assertThat(config.get(Settings.MAX_CHANNELS)).isEqualTo(50);
        assertThat(config.get(Settings.DEVICE_ID)).contains("sensor_001");
        assertThat(config.get(Settings.LOCATION)).contains("warehouse_a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[pubsub] / max_chanels = 5|2:1: unknown key pubsub.max_chanels|Did you mean"
                        + " \"max_channels\"?",
                "[pubsbu] / enabled = true|1:1: unknown section [pubsbu]|Did you mean \"pubsub\"?",
                "[edge] / zzzzzzzzz = 1|2:1: unknown key edge.zzzzzzzzz|Known are: device_id,"
                        + " location.",
                "pubsub = 3|1:1: pubsub must be a section, [pubsub], not a value|",
                "[server] / port = 70000|2:1: server.port must be a whole number from 0 to 65535,"
                        + " not 70000|",
                "[server] /   port = 1.5|2:3: server.port must be a whole number from 0 to 65535,"
                        + " not 1.5|",
                "[pubsub] / enabled = \"maybe\"|2:1: pubsub.enabled must be true or false, not"
                        + " \"maybe\"|",
                "[server] / auth = [1]|2:1: server.auth must be one of trust, scram-sha-256, not a"
                        + " list or date|",
                "[database] / path = 5|2:1: database.path must be a path, not 5|",
                "[database] / lock_timeout = \"5 eons\"|2:1: database.lock_timeout must be"
                        + " milliseconds, or a time such as '10s', from 0 (off) to 24d, not \"5"
                        + " eons\"|",
                "[database] / page_size = \"2TB\"|2:1: database.page_size must be bytes, or a size"
                        + " such as '64MB', from 512 to 64kB, not \"2TB\"|",
                "[workflow] / step = 1|2:1: unknown key workflow.step|Did you mean \"steps\"?",
                "[workflow.steps.a] / action = \"x\"|1:1: workflow.steps.a.trigger_channel is"
                        + " missing|",
                "[edge] / location = \"a\" / location = \"b\"|3:1: location previously defined at"
                        + " line 2, column 1|",
            })
    void whatIsWrongIsRefusedWithItsPlace(String toml, String message, String hint)
            throws IOException {
        var file = write(toml.replace(" / ", "\n"));
        var error = refusal(file, Map.of());
        assertThat(error.sqlState()).isEqualTo(SqlState.CONFIG_FILE_ERROR);
        assertThat(error.getMessage()).isEqualTo(file + ":" + message);
        assertThat(error.hint()).isEqualTo(Optional.ofNullable(hint));
    }

    @Test
    void brokenTomlIsRefusedWithItsPlace() throws IOException {
        var file = write("[database\npath = 1");
        assertThat(refusal(file, Map.of()).getMessage())
                .startsWith(file + ":1:10: ")
                .contains("expected");
    }

    @Test
    void allFaultsAreNamedAtOnce() throws IOException {
        var file = write("[pubsub]\nmax_channels = 0\n[edge]\ncolour = 1");
        var error = refusal(file, Map.of());
        assertThat(error.getMessage()).startsWith(file + ":2:1: pubsub.max_channels must be");
        assertThat(error.report().detail()).isEqualTo(file + ":4:1: unknown key edge.colour");
    }

    @Test
    void aMissingFileIsNamed() {
        var missing = directory.resolve("none.toml");
        assertThat(refusal(missing, Map.of()).getMessage())
                .isEqualTo("could not read configuration file \"" + missing + "\": no such file");
    }

    @Test
    void aFileThatIsNotTextIsRefused() throws IOException {
        var file = Files.write(directory.resolve("binary.toml"), new byte[] {(byte) 0xff, 0});
        assertThat(refusal(file, Map.of()).getMessage()).endsWith("it is not UTF-8 text");
    }

    @Test
    void theEnvironmentOverridesTheFile() throws IOException {
        var file = write("[pubsub]\nmax_channels = 5\n[server]\nport = 1");
        var config =
                HeliosConfig.load(Optional.of(file), Map.of("HELIOSDB_PUBSUB_MAX_CHANNELS", "7"));
        assertThat(config.get(Settings.MAX_CHANNELS)).isEqualTo(7);
        assertThat(config.get(Settings.PORT)).isEqualTo(1);
    }

    @Test
    void everyKeyCanBeSetByTheEnvironment() {
        for (var setting : Settings.all()) {
            assertEnvironmentReads(setting);
        }
    }

    @Test
    void aWorkflowStepCanBeChangedAndAddedByTheEnvironment() throws Exception {
        var config =
                HeliosConfig.load(
                        Optional.of(resource("workflow.toml")),
                        Map.of(
                                "HELIOSDB_WORKFLOW_STEPS_SHIPPING_ACTION", "fly",
                                "HELIOSDB_WORKFLOW_STEPS_THANK_YOU_TRIGGER_CHANNEL",
                                        "shipment_created",
                                "HELIOSDB_WORKFLOW_STEPS_THANK_YOU_ACTION", "send_mail"));
        assertThat(config.workflowSteps().get("shipping"))
                .isEqualTo(step("inventory_allocated", "fly", "shipment_created"));
        assertThat(config.workflowSteps().get("thank_you"))
                .isEqualTo(new WorkflowStep("shipment_created", "send_mail", Optional.empty()));
    }

    @Test
    void aBadOrMistypedVariableIsRefused() {
        assertThat(refusal(Map.of("HELIOSDB_SERVER_PORT", "tcp://10.0.0.1:5432")).getMessage())
                .isEqualTo(
                        "environment variable HELIOSDB_SERVER_PORT must be a whole number from 0 to"
                                + " 65535, not \"tcp://10.0.0.1:5432\"");
        assertThat(refusal(Map.of("HELIOSDB_PUBSUB_MAX_CHANELS", "5")).hint())
                .contains("Did you mean HELIOSDB_PUBSUB_MAX_CHANNELS?");
        assertThat(refusal(Map.of("HELIOSDB_WORKFLOW_STEPS_A_ACTION", "x")).getMessage())
                .isEqualTo("workflow step \"a\" has no trigger_channel");
        assertThat(refusal(Map.of("HELIOSDB_WORKFLOW_STEPS_A_B", "x")).getMessage())
                .isEqualTo("unknown environment variable HELIOSDB_WORKFLOW_STEPS_A_B");
    }

    @Test
    void aVariableOfSomebodyElseIsLeftAlone() {
        var config =
                HeliosConfig.load(
                        Optional.empty(),
                        Map.of(
                                "HELIOSDB_SERVER_PORT_5432_TCP_ADDR",
                                "10.0.0.1",
                                "HELIOSDB_JAVA_HOME",
                                "/j"));
        assertThat(config.get(Settings.PORT)).isEqualTo(5432);
    }

    @Test
    void theDataDirectoryIsWhereTheLastNameOfThePathLies() throws Exception {
        var environment = Map.of("HELIOSDB_DATA_DIR", "/mnt/disk");
        assertThat(
                        HeliosConfig.load(Optional.of(resource("workflow.toml")), environment)
                                .dataDirectory())
                .contains(Path.of("/mnt/disk/workflow.db"));
        assertThat(HeliosConfig.load(Optional.empty(), environment).dataDirectory())
                .contains(Path.of("/mnt/disk/heliosdb-data"));
        assertThat(
                        HeliosConfig.load(
                                        Optional.of(write("[database]\npath = ':memory:'")),
                                        environment)
                                .dataDirectory())
                .isEmpty();
    }

    @Test
    void javaSetsAndChecksTheSameTable() {
        var config =
                HeliosConfig.inMemory().with(Settings.STATEMENT_TIMEOUT, Duration.ofSeconds(3));
        assertThat(config.get(Settings.STATEMENT_TIMEOUT)).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.isSet(Settings.STATEMENT_TIMEOUT)).isTrue();
        assertThat(HeliosConfig.defaults().isSet(Settings.STATEMENT_TIMEOUT)).isFalse();
        assertThat(config.dataDirectory()).isEmpty();
        var error =
                catchThrowableOfType(
                        PgException.class,
                        () -> HeliosConfig.defaults().with(Settings.MAX_CHANNELS, 0));
        assertThat(error.sqlState()).isEqualTo(SqlState.INVALID_PARAMETER_VALUE);
        assertThat(error.getMessage())
                .isEqualTo("pubsub.max_channels must be a whole number from 1 to 100000000, not 0");
    }

    @Test
    void theCertificateNeedsItsKey() throws IOException {
        var file = write("[server]\ntls_cert_file = 'c.pem'");
        assertThat(refusal(file, Map.of()).getMessage())
                .isEqualTo("server.tls_cert_file and server.tls_key_file must be set together");
    }

    @Test
    void theFirstPasswordComesFromTheEnvironmentOrAFile() throws IOException {
        var file = Files.writeString(directory.resolve("password"), "s3cret\n").toString();
        assertThat(config(Map.of()).firstPassword()).isEmpty();
        assertThat(config(Map.of("HELIOSDB_PASSWORD", "abc")).firstPassword()).contains("abc");
        assertThat(config(Map.of("HELIOSDB_PASSWORD_FILE", file)).firstPassword())
                .contains("s3cret");
        assertThat(
                        refusal(Map.of("HELIOSDB_PASSWORD_FILE", file, "HELIOSDB_PASSWORD", "abc"))
                                .getMessage())
                .isEqualTo("HELIOSDB_PASSWORD and HELIOSDB_PASSWORD_FILE must not be set together");
        assertThat(refusal(Map.of("HELIOSDB_PASSWORD_FILE", file + "x")).getMessage())
                .isEqualTo(
                        "could not read the file of HELIOSDB_PASSWORD_FILE, \""
                                + file
                                + "x\": no such file");
    }

    @Test
    void theTableHoldsEveryConstant() {
        var constants =
                Stream.of(Settings.class, HttpSettings.class)
                        .flatMap(table -> Arrays.stream(table.getFields()))
                        .filter(field ->
                                Modifier.isStatic(field.getModifiers())
                                        && field.getType() == Setting.class)
                        .map(HeliosConfigTest::valueOf)
                        .toList();
        assertThat(new ArrayList<Object>(Settings.all()))
                .hasSameElementsAs(constants)
                .doesNotHaveDuplicates();
    }

    @Test
    void everyDefaultKeepsItsOwnBounds() {
        for (var setting : Settings.all()) {
            assertThat(defaultIsAccepted(setting)).as(setting.key()).isTrue();
        }
    }

    @Test
    void theReferencePageHoldsTheTable() throws IOException {
        var page = Files.readString(Path.of("../docs/configuration.md"));
        var missing =
                Settings.all().stream()
                        .map(Setting::documentation)
                        .filter(row -> !page.contains(row + "\n"))
                        .toList();
        assertThat(missing)
                .as("rows to put into docs/configuration.md:\n" + String.join("\n", missing))
                .isEmpty();
    }

    private static <T> boolean defaultIsAccepted(Setting<T> setting) {
        return setting.type().accepts(setting.defaultValue());
    }

    private static <T> void assertEnvironmentReads(Setting<T> setting) {
        var text =
                List.of("1", "600", "8MB", "10s", "CLOSE", "trust", "a=none").stream()
                        .filter(raw -> setting.type().read(raw).isPresent())
                        .findFirst()
                        .orElseThrow();
        var environment = new HashMap<>(Map.of(setting.environmentName(), text));
        if (setting.name().startsWith("tls_")) {
            environment.putAll(
                    Map.of(
                            "HELIOSDB_SERVER_TLS_CERT_FILE",
                            text,
                            "HELIOSDB_SERVER_TLS_KEY_FILE",
                            text));
        }
        assertThat(HeliosConfig.load(Optional.empty(), environment).get(setting))
                .as(setting.environmentName())
                .isEqualTo(setting.type().read(text).orElseThrow());
    }

    private static Object valueOf(Field field) {
        try {
            return Objects.requireNonNull(field.get(null));
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static WorkflowStep step(String trigger, String action, String next) {
        return new WorkflowStep(trigger, action, Optional.of(next));
    }

    private static HeliosConfig load(Path file) {
        return HeliosConfig.load(Optional.of(file), Map.of());
    }

    private static HeliosConfig config(Map<String, String> environment) {
        return HeliosConfig.load(Optional.empty(), environment);
    }

    private static PgException refusal(Map<String, String> environment) {
        return catchThrowableOfType(
                PgException.class, () -> HeliosConfig.load(Optional.empty(), environment));
    }

    private static PgException refusal(Path file, Map<String, String> environment) {
        return catchThrowableOfType(
                PgException.class, () -> HeliosConfig.load(Optional.of(file), environment));
    }

    private Path write(String toml) throws IOException {
        return Files.writeString(directory.resolve("heliosdb.toml"), toml);
    }

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(
                Objects.requireNonNull(HeliosConfigTest.class.getResource("/config/" + name))
                        .toURI());
    }
}
