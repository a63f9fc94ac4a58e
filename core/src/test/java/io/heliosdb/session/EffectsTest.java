package io.heliosdb.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pubsub.ListenAction;
import io.heliosdb.pubsub.Message;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;

/**
 * The rules of NOTIFY inside one transaction: https://www.postgresql.org/docs/15/sql-notify.html.
 */
class EffectsTest {
    private final Effects effects = new Effects(1_000_000);

    @Test
    void aDuplicateIsSentOnceAtThePlaceOfTheFirst() {
        notify("a", "1");
        notify("b", "1");
        notify("a", "1");
        notify("a", "2");
        assertThat(payloads()).containsExactly("a=1", "b=1", "a=2");
    }

    @Test
    void rollingBackToAMarkForgetsWhatCameAfterIt() {
        notify("a", "1");
        var mark = effects.mark();
        notify("a", "2");
        effects.add(new ListenAction.Listen("x"));
        effects.rollbackTo(mark);
        assertThat(payloads()).containsExactly("a=1");
        assertThat(effects.actions()).isEmpty();
    }

    @Test
    void aDuplicateInARolledBackSavepointNeitherRemovesTheOuterOneNorCounts() {
        notify("a", "1");
        var mark = effects.mark();
        notify("a", "1");
        notify("a", "2");
        effects.rollbackTo(mark);
        notify("a", "2");
        assertThat(payloads()).containsExactly("a=1", "a=2");
    }

    @Test
    void duplicatesAreFoundAmongThousandsAsAmongFew() {
        long seed = System.nanoTime();
        System.out.println("EffectsTest seed " + seed);
        var random = new Random(seed);
        var model = new ArrayList<List<String>>();
        var marks = new ArrayList<Effects.Mark>();
        var expected = new LinkedHashSet<String>();
        for (int i = 0; i < 5_000; i++) {
            switch (random.nextInt(20)) {
                case 0 -> {
                    marks.add(effects.mark());
                    model.add(List.copyOf(expected));
                }
                case 1 -> {
                    if (!marks.isEmpty()) {
                        effects.rollbackTo(marks.removeLast());
                        expected = new LinkedHashSet<>(model.removeLast());
                    }
                }
                default -> {
                    var payload = Integer.toString(random.nextInt(300));
                    notify("c", payload);
                    expected.add("c=" + payload);
                }
            }
            assertThat(effects.notifications()).hasSameSizeAs(expected);
        }
        assertThat(payloads()).containsExactlyElementsOf(expected);
    }

    @Test
    void theBytesOfATransactionAreBounded() {
        var small = new Effects(10);
        small.addNotification(new Message("c", "12345"));
        assertThatThrownBy(() -> small.addNotification(new Message("c", "67890")))
                .isInstanceOfSatisfying(
                        PgException.class,
                        e -> assertThat(e.sqlState()).isEqualTo(SqlState.PROGRAM_LIMIT_EXCEEDED));
        assertThat(small.notifications()).hasSize(1);
    }

    private void notify(String channel, String payload) {
        effects.addNotification(new Message(channel, payload));
    }

    private List<String> payloads() {
        return effects.notifications().stream().map(m -> m.channel() + "=" + m.payload()).toList();
    }
}
