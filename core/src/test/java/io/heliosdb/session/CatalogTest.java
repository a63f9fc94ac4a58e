package io.heliosdb.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.engine.EngineOptions;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the system views do not show. */
class CatalogTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "settings",
                "users",
                "sessions",
                "session_state",
                "in_doubt",
                "locks",
                "roles",
                "rights",
                "query_statistics",
                "synonyms",
                "constants",
                "enum_values",
                "indexes",
                "index_columns"
            })
    void viewsThatShowTheEngineDoNotExist(String name) {
        try (var instance = Instance.open(InstanceOptions.of(EngineOptions.inMemory()))) {
            var client = new Client(instance);
            assertThat(client.run("SELECT * FROM information_schema." + name))
                    .singleElement(InstanceOfAssertFactories.STRING)
                    .startsWith("ERROR 42P01");
        }
    }
}
