package io.heliosdb.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damage on a disk: a torn tail is cut off, anything that was acknowledged is never dropped. */
@Timeout(120)
class LogDamageTest {
    private static final int SEGMENT = 4096;
    private static final int VARIANTS = 500;
    private static final LogOptions OPTIONS = LogOptions.defaults().withSegmentBytes(SEGMENT);

    private final SimulatedFiles files = new SimulatedFiles();
    private final List<Header> headers = new ArrayList<>();
    private long seed;
    private Random random;
    private long end;

    @BeforeEach
    void writeALogThatDoesNotEndCleanly() throws IOException {
        seed = new Random().nextLong();
        random = new Random(seed);
        var log = Log.open(files, OPTIONS, Lsn.ZERO);
        for (int i = 0; i < 60; i++) {
            Append last = null;
            for (int group = random.nextInt(3); group >= 0; group--) {
                last = log.prepare(Entries.random(headers.size() + i, random));
                log.append(last);
            }
            log.awaitFlushed(last);
        }
        end = log.end().value();
        log.abandon();
        try (var reader = new RecordReader(files, SEGMENT)) {
            for (long at = SEGMENT; at < end; at = headers.getLast().end()) {
                headers.add(reader.header(at, end));
            }
        }
    }

    @Test
    void aTailThatIsCutOffLosesOnlyWhatItHeld() {
        for (int i = 0; i < VARIANTS; i++) {
            long cut = SEGMENT + random.nextLong(end - SEGMENT);
            var copy = files.copy();
            change(copy, cut, end, (bytes, at) -> bytes[at] = 0);
            int whole = firstChanged(copy);
            try (var log = Log.open(copy, OPTIONS, Lsn.ZERO)) {
                assertThat(Entries.read(log, Lsn.ZERO).size())
                        .as("seed %d, variant %d, cut at %s", seed, i, new Lsn(cut))
                        .isEqualTo(whole);
            }
        }
    }

    @Test
    void damageBeforeSomethingThatWasWrittenLaterIsNeverTakenForATornTail() {
        int refused = 0;
        for (int i = 0; i < VARIANTS; i++) {
            long from = SEGMENT + random.nextLong(end - SEGMENT);
            var copy = files.copy();
            long to = damage(copy, i % 4, from);
            int hit = firstChanged(copy);
            boolean isProven = hit < headers.size() && isProvenByLater(copy, hit);
            String which =
                    "seed %d, variant %d, %s to %s".formatted(seed, i, new Lsn(from), new Lsn(to));
            try (var log = Log.open(copy, OPTIONS, Lsn.ZERO)) {
                assertThat(isProven).as("%s: opened", which).isFalse();
                assertThat(Entries.read(log, Lsn.ZERO).size()).as(which).isEqualTo(hit);
            } catch (PgException e) {
                assertThat(e.sqlState()).as(which).isEqualTo(SqlState.DATA_CORRUPTED);
                assertThat(isProven).as("%s: refused", which).isTrue();
                var damage = (LogDamage) e.getCause();
                long lsn = headers.get(hit).lsn();
                assertThat(damage.file()).as(which).isEqualTo(Segments.name(lsn / SEGMENT));
                assertThat(damage.offset()).as(which).isEqualTo(lsn % SEGMENT);
                refused++;
            }
        }
        assertThat(refused).as("seed %d", seed).isGreaterThan(VARIANTS / 4);
    }

    @Test
    void aSegmentThatIsMissingInTheMiddleIsDamage() {
        var copy = files.copy();
        copy.delete(Segments.name(2));
        assertThat(open(copy)).isEqualTo(SqlState.DATA_CORRUPTED);
    }

    @Test
    void aCheckNamesTheDamageAndReadsOnBehindIt() {
        var copy = files.copy();
        var hit = headers.get(headers.size() / 2);
        long at = hit.lsn() + 20;
        copy.bytes(Segments.name(at / SEGMENT))[(int) (at % SEGMENT)] ^= 1;
        var report = LogCheck.of(copy).verify();
        assertThat(report.records()).isEqualTo(headers.size() - 1);
        assertThat(report.end()).isEqualTo(new Lsn(end));
        assertThat(report.damage())
                .singleElement()
                .asString()
                .contains(Segments.name(hit.lsn() / SEGMENT))
                .contains("at offset " + hit.lsn() % SEGMENT);
        assertThat(LogCheck.of(files).verify().damage()).isEmpty();
    }

    @Test
    void afterACleanCloseNothingMayBeMissingAtTheEnd() {
        var closed = new SimulatedFiles();
        Append last;
        try (var log = Log.open(closed, OPTIONS, Lsn.ZERO)) {
            Entries.commit(log, Entries.of(1, 100));
            last = Entries.commit(log, Entries.of(2, 100));
        }
        closed.bytes(Segments.name(1))[(int) (last.lsn % SEGMENT) + 70] ^= 1;
        assertThat(open(closed)).isEqualTo(SqlState.DATA_CORRUPTED);
    }

    @Test
    void aDamagedControlFileIsRefused() {
        for (int at = 0; at < files.bytes(Control.NAME).length; at++) {
            var copy = files.copy();
            copy.bytes(Control.NAME)[at] ^= 0x10;
            assertThat(open(copy)).as("byte %d", at).isEqualTo(SqlState.DATA_CORRUPTED);
        }
    }

    private SqlState open(SimulatedFiles copy) {
        try {
            Log.open(copy, OPTIONS, Lsn.ZERO).close();
            return new SqlState("00000");
        } catch (PgException e) {
            return e.sqlState();
        }
    }

    private interface Change {
        void apply(byte[] bytes, int at);
    }

    private long damage(SimulatedFiles copy, int kind, long from) {
        long sector = from / SimulatedFiles.SECTOR * SimulatedFiles.SECTOR;
        long sectorEnd = sector + SimulatedFiles.SECTOR;
        return switch (kind) {
            case 0 ->
                    change(
                            copy,
                            from,
                            from + 1,
                            (bytes, at) -> bytes[at] = flipped(bytes[at], from));
            case 1 -> change(copy, sector, sectorEnd, (bytes, at) -> bytes[at] = 0);
            case 2 ->
                    change(
                            copy,
                            sector,
                            sectorEnd,
                            (bytes, at) -> bytes[at] = (byte) random.nextInt());
            default ->
                    change(copy, from, from + random.nextInt(3000), (bytes, at) -> bytes[at] = -1);
        };
    }

    private static byte flipped(byte value, long position) {
        return (byte) (value ^ (1 << (position & 7)));
    }

    private long change(SimulatedFiles copy, long from, long to, Change change) {
        long last = Math.min(to, end);
        for (long index = from / SEGMENT; index * SEGMENT < last; index++) {
            byte[] bytes = copy.bytes(Segments.name(index));
            long begin = Math.max(from, index * SEGMENT);
            for (long at = begin; at < Math.min(last, (index + 1) * SEGMENT); at++) {
                change.apply(bytes, (int) (at % SEGMENT));
            }
        }
        return last;
    }

    /** The first record of which a byte has another value now. */
    private int firstChanged(SimulatedFiles copy) {
        int place = 0;
        while (place < headers.size() && isSame(copy, headers.get(place), Integer.MAX_VALUE)) {
            place++;
        }
        return place;
    }

    private boolean isProvenByLater(SimulatedFiles copy, int hit) {
        long hole = headers.get(hit).lsn();
        return headers.stream()
                .skip(hit + 1L)
                .anyMatch(later -> later.flushed() > hole && isSame(copy, later, Header.BYTES));
    }

    private boolean isSame(SimulatedFiles copy, Header header, int length) {
        long stop = header.lsn() + Math.min(length, Header.BYTES + header.bodyLength());
        return Arrays.equals(bytes(copy, header.lsn(), stop), bytes(files, header.lsn(), stop));
    }

    private static byte[] bytes(SimulatedFiles from, long begin, long end) {
        var bytes = new byte[(int) (end - begin)];
        for (int done = 0; done < bytes.length; ) {
            long at = begin + done;
            int offset = (int) (at % SEGMENT);
            int length = Math.min(bytes.length - done, SEGMENT - offset);
            System.arraycopy(from.bytes(Segments.name(at / SEGMENT)), offset, bytes, done, length);
            done += length;
        }
        return bytes;
    }
}
