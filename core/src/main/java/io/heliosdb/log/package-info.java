/**
 * The one log: write-ahead log, change stream and notification history at once. Entry: {@link
 * io.heliosdb.log.Log}. Imports only {@code io.heliosdb.pg}; knows no SQL and no store.
 *
 * <pre>
 *   committer --append (order lock)--> Tail (memory) --LogFlusher: write, fsync--> Segments
 *                                        |                                          |
 *   reader    &lt;--records below flushed---+------------------------------------------+
 * </pre>
 *
 * <h2>Positions</h2>
 *
 * An lsn is the byte position in the log. The log is one stream of bytes cut into files of {@code
 * segmentBytes}; segment {@code i} holds the bytes from {@code i * segmentBytes} on, is named by
 * that number as 16 hexadecimal digits and {@code .log}, and has no header of its own. The first
 * record of a log stands at {@code segmentBytes}, so that 0 is before everything. Numbers are
 * unsigned and big-endian.
 *
 * <h2>A record</h2>
 *
 * A header of 56 bytes, the body, and zeros up to a multiple of 8. It may run over the end of a
 * segment, and of several.
 *
 * <pre>
 *    0  4  CRC32C of the header's bytes 4 to 55
 *    4  4  length of the body, at most 2^30
 *    8  8  lsn of the record's first byte
 *   16  8  id of the timeline
 *   24  8  the log was on disk up to here when the record was written
 *   32  8  commit time, microseconds since 1970
 *   40  4  CRC32C of the body
 *   44  4  flags: 1 rows, 2 notifications, 4 DDL, 8 sequences
 *   48  8  summary of the channels: bit (hash of the name mod 64) for each
 * </pre>
 *
 * The header carries its own position and timeline, so what a recycled segment held before, and
 * what was cut off by a change of the timeline, never counts as a record.
 *
 * <h2>A body</h2>
 *
 * Numbers are varints (7 bits a byte, lowest first, the top bit set on all but the last), texts and
 * values a length and that many bytes, texts in UTF-8.
 *
 * <pre>
 *   id of the transaction
 *   pid of the session
 *   count of row changes; for each
 *       place of its table among the tables of this body; where that is the number of those named
 *       so far a new one follows: schema, name
 *       operation: 1 insert, 2 update, 3 delete, 4 update that gives the row another key
 *       row key, zigzag: (n &lt;&lt; 1) ^ (n &gt;&gt; 63)
 *       old row key (4), zigzag
 *       old row (2, 3, 4), new row (1, 2, 4): values as the engine encodes them
 *   count of notifications; for each: channel, payload; both empty where it is not kept here
 *   count of DDL statements; for each: search path as schema names with NUL between them, text
 *   count of sequences; for each: schema, name, next value, zigzag
 * </pre>
 *
 * <h2>The control file</h2>
 *
 * {@code control}, replaced as a whole (written aside, flushed, renamed, directory flushed):
 *
 * <pre>
 *    0  8  "HELIOLOG"
 *    8  4  format version, 1; the checksum at the end is every version's
 *   12  4  bytes of a segment
 *   16  8  where the log ended at a clean close; 0 while it is open
 *   24  4  count of timelines; for each, oldest first
 *       8  its random id
 *       8  the lsn at which it begins
 *       8  when, microseconds since 1970
 *    .  4  CRC32C of everything before
 * </pre>
 *
 * <h2>After a crash</h2>
 *
 * Records are read from the last checkpoint on. Where one is not whole the log ends, unless a
 * record behind it says that the log was on disk beyond that place: then something that was
 * acknowledged is damaged, and the log refuses to open. What is kept and was not known to be on
 * disk is written once more and flushed; a new timeline begins behind it.
 */
@NullMarked
package io.heliosdb.log;

import org.jspecify.annotations.NullMarked;
