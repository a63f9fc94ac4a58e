package io.heliosdb.replication;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliosdb.log.DiskFiles;
import io.heliosdb.log.LogFiles;
import io.heliosdb.log.LogHold.Loss;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The files of slots: one each in the directory {@code replslot} of the database, replaced as a
 * whole (written aside, flushed, renamed, directory flushed).
 *
 * <pre>
 *   8  "HELIOSLT"      4  format version, 1
 *   .  plugin, text of 2 bytes length      8  confirmed position      1  loss: 0 none, 1 too far, 2 idle
 *   4  CRC32C of everything before
 * </pre>
 */
final class SlotFiles {
    private static final String DIRECTORY = "replslot";
    private static final String SUFFIX = ".slot";
    private static final String ASIDE = ".new";
    private static final long MAGIC = ByteBuffer.wrap("HELIOSLT".getBytes(UTF_8)).getLong();
    private static final int VERSION = 1;

    private final LogFiles files;

    private SlotFiles(LogFiles files) {
        this.files = files;
    }

    /** What is on disk of a slot. */
    record Stored(String name, String plugin, Lsn confirmed, Optional<Loss> loss) {}

    static SlotFiles at(Path database) {
        try {
            return new SlotFiles(DiskFiles.at(database.resolve(DIRECTORY)));
        } catch (IOException e) {
            throw failed("could not make the directory of slots", e);
        }
    }

    /**
     * Reads all slots.
     *
     * @throws PgException XX001 where one is damaged, 58030 where the disk fails
     */
    List<Stored> load() {
        try {
            var found = new ArrayList<Stored>();
            for (String name : files.list()) {
                if (name.endsWith(SUFFIX)) {
                    found.add(read(name));
                } else {
                    files.delete(name);
                }
            }
            return found;
        } catch (IOException e) {
            throw failed("could not read the slots", e);
        }
    }

    void write(Stored slot) {
        var bytes = new ByteArrayOutputStream();
        String name = slot.name + SUFFIX;
        try (var out = new DataOutputStream(bytes)) {
            out.writeLong(MAGIC);
            out.writeInt(VERSION);
            out.writeUTF(slot.plugin);
            out.writeLong(slot.confirmed.value());
            out.writeByte(slot.loss.map(SlotFiles::code).orElse(0));
            out.writeInt(crc(bytes.toByteArray(), bytes.size()));
            try (var file = files.open(name + ASIDE)) {
                file.write(ByteBuffer.wrap(bytes.toByteArray()), 0);
                file.sync();
            }
            files.rename(name + ASIDE, name);
            files.syncDirectory();
        } catch (IOException e) {
            throw failed("could not write replication slot \"" + slot.name + '"', e);
        }
    }

    void remove(String name) {
        try {
            files.delete(name + SUFFIX);
            files.syncDirectory();
        } catch (IOException e) {
            throw failed("could not remove replication slot \"" + name + '"', e);
        }
    }

    private Stored read(String fileName) throws IOException {
        String name = fileName.substring(0, fileName.length() - SUFFIX.length());
        byte[] bytes;
        try (var file = files.openForReading(fileName)) {
            var buffer = ByteBuffer.allocate((int) Math.min(file.size(), 1 << 16));
            file.read(buffer, 0);
            bytes = buffer.array();
        }
        int end = bytes.length - Integer.BYTES;
        if (end < 0 || ByteBuffer.wrap(bytes, end, Integer.BYTES).getInt() != crc(bytes, end)) {
            throw damaged(name);
        }
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readLong() != MAGIC || in.readInt() != VERSION) {
                throw damaged(name);
            }
            return new Stored(name, in.readUTF(), new Lsn(in.readLong()), loss(in.readByte()));
        }
    }

    private static Optional<Loss> loss(int code) {
        return switch (code) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(Loss.TOO_FAR);
            default -> Optional.of(Loss.EXPIRED);
        };
    }

    private static int code(Loss loss) {
        return switch (loss) {
            case TOO_FAR -> 1;
            case EXPIRED -> 2;
        };
    }

    private static int crc(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static PgException damaged(String name) {
        return new PgException(
                        SqlState.DATA_CORRUPTED,
                        "the file of replication slot \"" + name + "\" is damaged")
                .withHint(
                        "Remove it from the directory \""
                                + DIRECTORY
                                + "\" to lose the slot alone.");
    }

    private static PgException failed(String what, IOException cause) {
        return new PgException(
                Report.of(Severity.ERROR, SqlState.IO_ERROR, what + ": " + cause.getMessage()),
                cause);
    }
}
