package io.heliosdb.trigger.plpgsql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * DO blocks with what PostgreSQL 15 answered to them: its notices, and its error with detail, hint
 * and context. {@code blocks.txt} has each block under a line with its name, and below a line of
 * hyphens what was observed.
 */
final class RecordedBlocksTest {
    @TestFactory
    Stream<DynamicTest> blocksSayWhatTheySayInPostgres() throws IOException {
        return blocks().stream()
                .map(block -> DynamicTest.dynamicTest(block.name(), () -> check(block)));
    }

    private static void check(Block block) {
        try (var bodies = new Bodies()) {
            bodies.sql("CREATE TABLE t (id INT PRIMARY KEY, name TEXT, amount NUMERIC(10, 2))");
            bodies.sql("INSERT INTO t VALUES (1, 'one', 1.50), (2, 'two', 2.50), (3, NULL, 3)");
            assertThat(bodies.run(block.body())).isEqualTo(block.observed());
        }
    }

    private record Block(String name, String body, List<String> observed) {}

    private static List<Block> blocks() throws IOException {
        try (var in = RecordedBlocksTest.class.getResourceAsStream("/plpgsql/blocks.txt")) {
            assertThat(in).isNotNull();
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            var blocks = new ArrayList<Block>();
            for (String part : text.split("(?m)^=== ", -1)) {
                if (!part.isBlank()) {
                    blocks.add(block(part));
                }
            }
            return blocks;
        }
    }

    private static Block block(String part) {
        int name = part.indexOf('\n');
        int end = part.indexOf("\n---\n");
        return new Block(
                part.substring(0, name),
                part.substring(name + 1, end + 1),
                part.substring(end + 5).lines().filter(line -> !line.isEmpty()).toList());
    }
}
