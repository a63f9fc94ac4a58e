package io.heliosdb.engine;

import org.h2.message.DbException;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.db.MVTable;
import org.h2.mvstore.db.RowDataType;
import org.h2.result.DefaultRow;
import org.h2.result.Row;
import org.h2.store.LobStorageInterface;
import org.h2.util.IOUtils;
import org.h2.value.Value;
import org.h2.value.ValueBlob;
import org.h2.value.ValueClob;
import org.h2.value.ValueLob;
import org.h2.value.ValueNull;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A row as bytes: the number of its large objects, each with its column, its kind and its content,
 * then all values as the store writes them, with nulls for those. Of a row as it was the contents
 * are left out: nothing restores them, and they may be large.
 */
final class RowImages {
    private static final byte BLOB = 1;
    static final byte CLOB = 2;

    private RowImages() {}

    static byte[] encode(MVTable table, Row row, boolean withLargeObjects) {
        var buffer = new WriteBuffer(256);
        Row plain = row;
        if (table.getContainsLargeObject()) {
            plain = writeLargeObjects(buffer, row, withLargeObjects);
        } else {
            buffer.putVarInt(0);
        }
        table.getRowFactory().getRowDataType().write(buffer, plain);
        var bytes = buffer.getBuffer().flip();
        var image = new byte[bytes.remaining()];
        bytes.get(image);
        return image;
    }

    static Row decode(MVTable table, long key, byte[] image) {
        var buffer = ByteBuffer.wrap(image);
        int count = DataUtils.readVarInt(buffer);
        var columns = new int[count];
        var objects = new Value[count];
        var storage = table.getDatabase().getLobStorage();
        for (int i = 0; i < count; i++) {
            columns[i] = DataUtils.readVarInt(buffer);
            byte kind = buffer.get();
            var content = new byte[DataUtils.readVarInt(buffer)];
            buffer.get(content);
            objects[i] = largeObject(storage, kind, content);
        }
        RowDataType type = table.getRowFactory().getRowDataType();
        var row = (Row) type.read(buffer);
        row.setKey(key);
        for (int i = 0; i < count; i++) {
            row.setValue(columns[i], objects[i]);
        }
        return row;
    }

    private static Row writeLargeObjects(WriteBuffer buffer, Row row, boolean withContent) {
        var values = new Value[row.getColumnCount()];
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            Value value = row.getValue(i);
            boolean isLarge = value instanceof ValueLob;
            count += isLarge ? 1 : 0;
            values[i] = isLarge ? ValueNull.INSTANCE : value;
        }
        buffer.putVarInt(withContent ? count : 0);
        for (int i = 0; i < values.length && withContent; i++) {
            if (row.getValue(i) instanceof ValueLob lob) {
                writeContent(buffer, i, lob);
            }
        }
        return new DefaultRow(values);
    }

    private static void writeContent(WriteBuffer buffer, int column, ValueLob lob) {
        try {
            byte[] content = IOUtils.readBytesAndClose(lob.getInputStream(), -1);
            buffer.putVarInt(column);
            buffer.put(lob instanceof ValueClob ? CLOB : BLOB);
            buffer.putVarInt(content.length);
            buffer.put(content);
        } catch (IOException e) {
            throw DbException.convert(e);
        }
    }

    private static Value largeObject(LobStorageInterface storage, byte kind, byte[] content) {
        var in = new ByteArrayInputStream(content);
        if (kind == CLOB) {
            ValueClob clob =
                    storage.createClob(new InputStreamReader(in, StandardCharsets.UTF_8), -1);
            return clob;
        }
        ValueBlob blob = storage.createBlob(in, -1);
        return blob;
    }
}
