package io.heliosdb.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.pg.Lsn;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Power is lost at any moment, and what was not flushed survives in part: what was acknowledged is
 * there, in order and without a hole, however often it happens.
 */
@Timeout(120)
class LogCrashTest {
    private static final int VARIANTS = 500;
    private static final int LIVES = 4;
    private static final LogOptions OPTIONS =
            LogOptions.defaults()
                    .withSegmentBytes(4096)
                    .withTailBytes(1000)
                    .withKeep(8192, Duration.ofDays(1))
                    .withUnflushed(1 << 20, Duration.ZERO);

    @Test
    void whatWasAcknowledgedSurvivesTheLossOfPower() {
        long seed = new Random().nextLong();
        for (int variant = 0; variant < VARIANTS; variant++) {
            var random = new Random(seed + variant);
            var history = new History("seed %d, variant %d".formatted(seed, variant), random);
            var files = new SimulatedFiles();
            for (int life = 0; life < LIVES; life++) {
                files = history.live(files);
            }
        }
    }

    /** What is known of a log across its crashes. */
    private static final class History {
        private final String which;
        private final Random random;

        /** The numbers of the records that count, oldest first: each crash cuts its tail. */
        private List<Long> numbers = new ArrayList<>();

        private int acknowledged;
        private long next;
        private Lsn redo = Lsn.ZERO;

        History(String which, Random random) {
            this.which = which;
            this.random = random;
        }

        /** Opens, checks, works, and loses power; returns what is left. */
        SimulatedFiles live(SimulatedFiles files) {
            var log = Log.open(files, OPTIONS, redo);
            check(log);
            if (random.nextInt(8) == 0) {
                return crash(files, log); // Before anything was done.
            }
            for (int step = random.nextInt(30); step > 0; step--) {
                work(log);
            }
            if (random.nextInt(8) == 0) {
                log.close();
                acknowledged = numbers.size();
            }
            return crash(files, log);
        }

        private void check(Log log) {
            var found = Entries.numbers(log);
            assertThat(found.size()).as(which).isLessThanOrEqualTo(numbers.size());
            if (found.isEmpty()) {
                assertThat(acknowledged).as("%s: all was removed", which).isZero();
                numbers = new ArrayList<>();
                return;
            }
            int first = numbers.indexOf(found.getFirst());
            int last = numbers.indexOf(found.getLast());
            assertThat(numbers.subList(first, last + 1)).as("%s: no hole", which).isEqualTo(found);
            assertThat(last).as("%s: acknowledged", which).isGreaterThanOrEqualTo(acknowledged - 1);
            numbers = new ArrayList<>(numbers.subList(0, last + 1));
            acknowledged = numbers.size();
        }

        private void work(Log log) {
            switch (random.nextInt(6)) {
                case 0 -> {
                    var record = append(log);
                    log.flushSoon(record);
                }
                case 1 -> {
                    log.flush();
                    acknowledged = numbers.size();
                    redo = log.end();
                    // The records of the checkpoint before are kept, as an engine does.
                    log.retain(redo);
                }
                default -> {
                    Append last = append(log);
                    for (int more = random.nextInt(4); more > 0; more--) {
                        last = append(log);
                    }
                    log.awaitFlushed(last);
                    acknowledged = numbers.size();
                }
            }
        }

        private Append append(Log log) {
            var record = log.prepare(Entries.of(next, random.nextInt(900)));
            log.append(record);
            numbers.add(next++);
            return record;
        }

        private SimulatedFiles crash(SimulatedFiles files, Log log) {
            var after = files.crashed(random);
            log.abandon();
            return after;
        }
    }
}
